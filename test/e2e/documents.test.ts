import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { codeOf } from '../helpers/documents.ts'
import { repository } from '../helpers/pack.ts'
import { tempProject } from '../helpers/temp-project.ts'

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

test.for(['README.md', 'docs/embedded.md', 'docs/tasks.md'])(
  'default: the code in %s compiles',
  async (page) => {
    const files = await codeOf(page)
    expect(Object.keys(files)).not.toEqual([])
    await using project = await tempProject({ ...files, 'tsconfig.json': tsconfig })
    const tsc = join(repository, 'node_modules', '.bin', 'tsc')
    const { all } = await execa(tsc, ['-p', project.root], { all: true, reject: false })
    expect(all).toBe('')
  },
)
