import { describe, expect, test } from 'vitest'
import { parseDocblock } from './docblock.ts'

// Put together, or Vitest would read the examples as this file's own options.
const vitestMark = ['@vitest', 'environment', 'options'].join('-')
const jestMark = ['@jest', 'environment', 'options'].join('-')

describe('parseDocblock', () => {
  test('default: a file without the comment has no options', () => {
    expect(parseDocblock("import { test } from 'vitest'\n", 'a.test.ts')).toEqual({
      ok: true,
      value: undefined,
    })
  })

  test.for([
    `// ${vitestMark} {"followers":3}`,
    `// ${jestMark} {"followers":3}`,
    `/** ${vitestMark} {"followers":3}*/`,
    `/**\n * ${vitestMark}   {"followers":3}\n */`,
    `const late = 1\n// ${vitestMark} {"followers":3}\r\nconst more = 2`,
  ])('behavior: finds what Vitest finds in %j', (text) => {
    expect(parseDocblock(text, 'a.test.ts')).toEqual({ ok: true, value: { followers: 3 } })
  })

  test('behavior: the first of two comments counts, as it does for Vitest', () => {
    const text = `// ${vitestMark} {"followers":3}\n// ${vitestMark} {"followers":5}`
    expect(parseDocblock(text, 'a.test.ts')).toEqual({ ok: true, value: { followers: 3 } })
  })

  test('behavior: options of another environment are left alone', () => {
    const text = `// ${['@vitest', 'environment'].join('-')} jsdom\n// ${vitestMark} {"url":"http://localhost"}`
    expect(parseDocblock(text, 'a.test.ts')).toEqual({ ok: true, value: undefined })
    expect(parseDocblock(text.replace('jsdom', 'sei'), 'a.test.ts')).toMatchObject({
      ok: true,
      value: { url: 'http://localhost' },
    })
  })

  test('error: brackets inside strings do not count as open', () => {
    const checked = parseDocblock(`// ${vitestMark} {"a":"{[", }`, 'a.test.ts')
    expect(checked).toMatchObject({ ok: false, problems: [{ what: expect.stringMatching(/not JSON/) }] })
  })
})
