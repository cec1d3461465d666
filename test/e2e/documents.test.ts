import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { tempProject } from '../helpers/temp-project.ts'

const repository = join(import.meta.dirname, '..', '..')

/** The TypeScript of a page, by file name: the one that a block's first line gives it, else one of its number. */
async function codeOf(page: string): Promise<Record<string, string>> {
  const text = await readFile(join(repository, page), 'utf8')
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  return Object.fromEntries(
    blocks.map((code, at) => [/^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? `block-${at + 1}.ts`, code]),
  )
}

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2025', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    moduleDetection: 'force',
    strict: true,
    noEmit: true,
    types: [],
  },
  include: ['*.ts'],
})

test.for(['README.md', 'docs/embedded.md'])('default: the code in %s compiles', async (page) => {
  const files = await codeOf(page)
  expect(Object.keys(files)).not.toEqual([])
  await using project = await tempProject({ ...files, 'tsconfig.json': tsconfig })
  const tsc = join(repository, 'node_modules', '.bin', 'tsc')
  const { all } = await execa(tsc, ['-p', project.root], { all: true, reject: false })
  expect(all).toBe('')
})

test('default: the config and test of the README pass', async () => {
  const { 'vitest.config.ts': config = '', 'evm.test.ts': suite = '' } = await codeOf('README.md')
  await using project = await tempProject({ 'vitest.config.ts': config, 'evm.test.ts': suite })
  const { exitCode, output } = await project.run()
  expect(exitCode, output).toBe(0)
})
