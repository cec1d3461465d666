import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const packageFile: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const { exports } = packageFile as { exports: Record<string, string | { types: string; default: string }> }

/** What users can import, door by door. A name that leaves this list breaks someone; one that joins it is a promise. */
const doors: Readonly<Record<string, readonly string[]>> = {
  '.': ['default'],
  './test': [
    'SeiError',
    'afterAll',
    'afterEach',
    'beforeAll',
    'beforeEach',
    'describe',
    'expect',
    'isCancelled',
    'isSeiError',
    'isTimeout',
    'isUsage',
    'quorum',
    'test',
  ],
  './plugin': ['sei'],
  './client': ['SeiError', 'isCancelled', 'isSeiError', 'isTimeout', 'isUsage', 'open', 'quorum'],
  './embedded': ['startEmbedded'],
  './reporter': ['SeiReporter', 'default'],
}

describe('public doors', () => {
  test('default: the package has these doors and no other', () => {
    expect(Object.keys(exports)).toEqual([...Object.keys(doors), './package.json'])
  })

  test.for(Object.keys(doors))('behavior: %s exports the names in the list', async (door) => {
    const entry = exports[door]
    if (typeof entry !== 'object') throw new Error(`${door} has no conditions`)
    const source = entry.default.replace(/^\.\/dist\/src\/(.*)\.js$/, './$1.ts')
    const module: object = await import(source)
    expect(Object.keys(module).sort()).toEqual(doors[door])
  })

  test('behavior: types come with every door, from the same file', () => {
    for (const [door, entry] of Object.entries(exports)) {
      if (typeof entry === 'string') continue
      expect(entry.types, door).toBe(entry.default.replace(/\.js$/, '.d.ts'))
    }
  })
})
