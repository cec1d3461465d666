import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { referencesOf } from '../test/helpers/imports.ts'

const root = join(import.meta.dirname, '..')

/** What each part of the house may import. A part may always import itself. */
const floors: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  errors: ['contract'],
  kube: ['contract', 'errors'],
  probe: ['contract', 'errors'],
  client: ['contract', 'errors', 'kube', 'probe'],
  faults: ['contract', 'errors', 'kube', 'probe'],
  evidence: ['contract', 'errors', 'kube', 'probe'],
  scenario: ['contract', 'errors', 'kube', 'probe', 'client', 'faults', 'evidence'],
  clusters: ['contract', 'errors', 'kube'],
  embedded: ['contract', 'errors', 'kube'],
  run: ['contract', 'errors', 'kube', 'probe', 'client', 'faults', 'evidence', 'scenario', 'clusters'],
  cli: ['contract', 'errors', 'kube', 'probe', 'client', 'faults', 'evidence', 'scenario', 'clusters', 'run'],
  // These live in Vitest's workers.
  runner: ['contract', 'errors', 'probe'],
  fixtures: ['contract', 'errors', 'probe', 'runner'],
  // The doors.
  'index.ts': ['contract'],
  'test.ts': ['contract', 'errors', 'fixtures'],
  'reporter.ts': ['contract', 'runner'],
  'plugin.ts': ['contract', 'errors', 'run', 'runner'],
  'client.ts': ['contract', 'errors', 'kube', 'probe', 'client', 'clusters'],
  'embedded.ts': ['contract', 'errors', 'kube', 'clusters'],
}

/** Files of another part that are only ever named by URL: child processes, and modules that Vitest loads. */
const urls: readonly string[] = ['clusters to embedded', 'embedded to cli', 'plugin.ts to runner']

const workerSide = ['fixtures', 'runner', 'index.ts', 'test.ts']
const workerPackages = ['vitest', 'vitest/node', 'vitest/reporters', 'vitest/runtime']

interface SourceFile {
  readonly path: string
  readonly part: string
  readonly text: string
}

const sources: readonly SourceFile[] = globSync('{src,fixtures}/**/*.ts', { cwd: root })
  .filter((path) => !/\.test(-d)?\.ts$/.test(path))
  .map((path) => ({ path, part: partOf(path), text: readFileSync(join(root, path), 'utf8') }))

/** `src/kube/watch.ts` is of part kube, `src/plugin.ts` of plugin.ts, `fixtures/admin.ts` of fixtures. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second : top
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:')
}

/** What a file refers to that its floor does not allow, in words. */
function violations({ path, part, text }: SourceFile): string[] {
  return referencesOf(text).flatMap(({ specifier, by }) => {
    if (!specifier.startsWith('.')) {
      const free = part !== 'contract' && part !== 'errors' && part !== 'index.ts'
      return free || isBuiltin(specifier) ? [] : [`${path} imports the package ${specifier}`]
    }
    const target = partOf(normalize(join(dirname(path), specifier)))
    if (target === part || (by === 'import' && floors[part]?.includes(target) === true)) return []
    if (by === 'url' && (!(target in floors) || urls.includes(`${part} to ${target}`))) return []
    return [`${path} ${by === 'url' ? 'names by URL' : 'imports'} ${specifier}`]
  })
}

/** All files that importing these loads, and the packages they load. */
function closure(start: readonly string[]): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>(start)
  const packages = new Set<string>()
  for (const path of files) {
    const text = sources.find((source) => source.path === path)?.text ?? ''
    for (const { specifier, by } of referencesOf(text)) {
      if (by !== 'import') continue
      if (specifier.startsWith('.')) files.add(normalize(join(dirname(path), specifier)))
      else if (!isBuiltin(specifier)) packages.add(specifier)
    }
  }
  return { files, packages }
}

/** A cast is the only way to make one: its brand has no value. */
function mints(text: string): boolean {
  return /\bas\s+(?:unknown\s+as\s+)?Seal\b|(?<!\w)<Seal>/.test(text)
}

function source(path: string, text: string): SourceFile {
  return { path, part: partOf(path), text }
}

describe('floors', () => {
  test('default: every part imports only what stands below it', () => {
    expect(sources.flatMap(violations)).toEqual([])
  })

  test('behavior: every part of the house has a floor', () => {
    expect([...new Set(sources.map(({ part }) => part))].filter((part) => !(part in floors))).toEqual([])
  })

  test('behavior: what a worker loads, directly or not, holds no Kubernetes client and no second HTTP client', () => {
    const start = sources.filter(({ part }) => workerSide.includes(part)).map(({ path }) => path)
    const loaded = closure(start)
    expect(loaded.files.size).toBeGreaterThanOrEqual(start.length)
    expect(
      [...loaded.files].filter((path) => /^src\/(kube|client|run|clusters|embedded)\b/.test(path)),
    ).toEqual([])
    expect([...loaded.packages].filter((name) => !workerPackages.includes(name))).toEqual([])
  })

  test('behavior: the environment’s door loads nothing of vitest', () => {
    expect([...closure(['src/index.ts']).packages]).toEqual([])
  })

  test('behavior: only evidence mints a Seal', () => {
    expect(
      sources.filter(({ part, text }) => part !== 'evidence' && mints(text)).map(({ path }) => path),
    ).toEqual([])
    expect(mints('return facts as Seal')).toBe(true)
    expect(mints('return <Seal>facts')).toBe(true)
    expect(mints('async function capture(): Promise<Seal> {')).toBe(false)
  })
})

describe('floors: a broken rule is found', () => {
  test.for([
    [
      'src/contract/a.ts',
      "import { x } from '../errors/codes.ts'",
      'src/contract/a.ts imports ../errors/codes.ts',
    ],
    ['src/contract/a.ts', "import { x } from 'yaml'", 'src/contract/a.ts imports the package yaml'],
    [
      'src/contract/a.ts',
      "import type { T } from '../kube/types.ts'",
      'src/contract/a.ts imports ../kube/types.ts',
    ],
    ['src/kube/a.ts', "export * from '../probe/b.ts'", 'src/kube/a.ts imports ../probe/b.ts'],
    ['src/client/a.ts', "const m = await import('../run/b.ts')", 'src/client/a.ts imports ../run/b.ts'],
    ['src/embedded/main.ts', "import '../client/a.ts'", 'src/embedded/main.ts imports ../client/a.ts'],
    [
      'src/clusters/a.ts',
      "import { b } from '../embedded/main.ts'",
      'src/clusters/a.ts imports ../embedded/main.ts',
    ],
    [
      'src/run/a.ts',
      "fork(new URL('../embedded/main.ts', import.meta.url))",
      'src/run/a.ts names by URL ../embedded/main.ts',
    ],
    [
      'src/runner/a.ts',
      "import type { K } from '../kube/types.ts'",
      'src/runner/a.ts imports ../kube/types.ts',
    ],
    ['fixtures/a.ts', "import { n } from '../src/client/b.ts'", 'fixtures/a.ts imports ../src/client/b.ts'],
    ['src/index.ts', "import { test } from 'vitest'", 'src/index.ts imports the package vitest'],
  ] as const)('error: %s with %s', ([path, text, expected]) => {
    expect(violations(source(path, text))).toEqual([expected])
  })

  test.for([
    ['src/clusters/a.ts', "fork(new URL('../embedded/main.ts', import.meta.url))"],
    ['src/plugin.ts', "new URL('./runner/setup.ts', import.meta.url)"],
    [
      'src/kube/a.ts',
      "import { x } from './b.ts'\nimport { y } from '../contract/c.ts'\nimport z from 'undici'",
    ],
    ['src/contract/a.ts', "// import { x } from '../kube/b.ts'\n/* import '../run/c.ts' */"],
  ] as const)('behavior: %s with %s is allowed', ([path, text]) => {
    expect(violations(source(path, text))).toEqual([])
  })
})
