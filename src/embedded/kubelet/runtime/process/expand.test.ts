import { describe, expect, test } from 'vitest'
import { expand } from './expand.ts'

const values = new Map([
  ['A', 'a'],
  ['B', 'b'],
  ['EMPTY', ''],
  ['REF', '$(A)'],
])

describe('expand', () => {
  test.for([
    ['plain', 'plain'],
    ['$(A)-$(B)', 'a-b'],
    ['--duration=$(A)m', '--duration=am'],
    ['$(EMPTY)|', '|'],
    // What a value holds is not looked at again.
    ['$(REF)', '$(A)'],
    ['$(A)$(A)', 'aa'],
  ])('default: %s', ([text, expected]) => {
    expect(expand(text ?? '', values)).toBe(expected)
  })

  test.for([
    ['$(MISSING)', '$(MISSING)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$$$$(A)', '$$(A)'],
    ['$A ${A} $', '$A ${A} $'],
    ['$(A', '$(A'],
    ['$()', '$()'],
    ['$(A$(B)', '$(A$(B)'],
    ['cost: $5', 'cost: $5'],
  ])('behavior: %s', ([text, expected]) => {
    expect(expand(text ?? '', values)).toBe(expected)
  })
})
