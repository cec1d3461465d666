import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pack, repository } from '../helpers/pack.ts'
import { createProject, defaultConfig, projectAt, type TempProject } from '../helpers/project.ts'
import { suite } from '../helpers/temp-project.ts'

const evm = `
import { test, expect } from 'vitest-environment-sei/test'
test('followers serve the head the validators committed', async ({ network, followers }) => {
  const head = await network.latestHeight()
  for (const node of followers) expect(await node.evmBlockNumber()).toBeGreaterThanOrEqual(head)
})
`

let folder: string
let project: TempProject
const modules = (): string => join(project.root, 'node_modules')

/** As a user would: the tarball and Vitest from the registry, in a folder whose path has a space. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sei tarball '))
  const root = await mkdtemp(join(tmpdir(), 'sei install '))
  project = projectAt(root)
  await project.write({
    'package.json': JSON.stringify({ name: 'a-user', private: true, type: 'module' }),
    'vitest.config.ts': defaultConfig('{ network: { validators: 4 }, followers: 2 }'),
    'evm.test.ts': evm,
  })
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const tarball = await pack(folder)
  await execa('npm', ['install', '--save-dev', ...quiet, tarball, 'vitest@5', '@types/node@24'], {
    cwd: root,
  })
}, 180_000)
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

test('default: installed from the registry, the config and test of the README pass', async () => {
  const { exitCode, output, receipt } = await project.run()
  expect(exitCode, output).toBe(0)
  expect(output).toContain('mode embedded, simulated (from default)')
  expect(receipt).toMatchObject({ simulated: true, left: [] })
})

test('default: a CommonJS project needs nothing more', async () => {
  await using other = await createProject(modules(), {
    'package.json': JSON.stringify({ name: 'of-old', private: true }),
    'vitest.config.ts': defaultConfig('{ network: { validators: 1 }, followers: 0 }'),
    'a.test.ts': evm,
  })
  const { exitCode, output } = await other.run()
  expect(exitCode, output).toBe(0)
  await other.write({
    'vitest.config.cjs': `
      const { sei } = require('vitest-environment-sei/plugin')
      module.exports = { plugins: [sei({ network: { validators: 1 }, followers: 0 })] }`,
  })
  const again = await other.run(['--config', 'vitest.config.cjs'])
  expect(again.exitCode, again.output).toBe(0)
})

test('default: types reach users whole, and reject what is wrong', async () => {
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2025', 'dom'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  }
  await project.write({
    'types.ts': await suite('types'),
    'tsconfig.json': JSON.stringify({
      compilerOptions,
      files: ['types.ts', 'evm.test.ts', 'vitest.config.ts'],
    }),
  })
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await execa(process.execPath, [compiler, '-p', project.root], {
    cwd: project.root,
    reject: false,
  })
  // Declarations of others are checked as well, and are theirs to mend.
  const errors = stdout
    .split('\n')
    .filter((line) => /error TS/.test(line) && !/^node_modules\/(?!vitest-environment-sei\/)/.test(line))
  expect(errors).toEqual([])
})

test('default: the tarball holds what it needs and nothing that it does not', async () => {
  const root = join(modules(), 'vitest-environment-sei')
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
  expect(files.filter((path) => /\.test\.|test-d|(?<!\.d)\.ts$|\.tsbuildinfo$/.test(path))).toEqual([])

  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    dependencies: object
    peerDependencies: object
  }
  const known = new Set([
    'vitest-environment-sei',
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ...builtinModules,
  ])
  const undeclared = await Promise.all(
    files
      .filter((path) => path.endsWith('.js'))
      .map(async (path) => {
        const text = await readFile(join(root, path), 'utf8')
        const imports = text.matchAll(
          /(?:^|[;\n}])\s*(?:import|export)[^;'"()]*?from\s*["']([^."'][^"']*)["']/g,
        )
        return [...imports].flatMap(([, id = '']) => {
          const name = id
            .split('/')
            .slice(0, id.startsWith('@') ? 2 : 1)
            .join('/')
          return id.startsWith('node:') || known.has(name) ? [] : [`${path}: ${id}`]
        })
      }),
  )
  expect(undeclared.flat()).toEqual([])
})

test('default: every door opens by itself with the names of its source, and the command runs', async () => {
  const doors = ['index', 'plugin', 'client', 'embedded', 'reporter']
  await project.write({
    'doors.mjs': `
      const names = {}
      for (const door of ${JSON.stringify(doors)}) {
        const path = door === 'index' ? '' : '/' + door
        names[door] = Object.keys(await import('vitest-environment-sei' + path)).toSorted()
      }
      console.log(JSON.stringify(names))`,
  })
  const { all } = await project.node(['doors.mjs'])
  for (const [door, names] of Object.entries(JSON.parse(all) as Record<string, string[]>)) {
    const source = (await import(`../../src/${door}.ts`)) as object
    expect(names).toEqual(Object.keys(source).toSorted())
  }
  const { stdout } = await execa(join(modules(), '.bin', 'seitask'), ['--help'])
  expect(stdout).toContain('cluster')
})
