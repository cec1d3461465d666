import { describe, expect, test } from 'vitest'
import { evaluateCondition } from './evaluate.ts'

const stdout = 'height 42\nEXIT_REASON=task-fail'
const evaluate = (source: string, exitCode = 1): boolean => evaluateCondition(source, { exitCode, stdout })

describe('an expression of a branch', () => {
  test.each([
    'exitCode == 1',
    'exitCode != 0',
    '!(exitCode == 0)',
    'not (exitCode == 0)',
    'exitCode > 0 && exitCode <= 1',
    'exitCode > 0 and stdout contains "task-fail"',
    'exitCode == 0 || stdout startsWith "height"',
    "stdout endsWith 'fail' or nothing.like.that",
    'exitCode == 0 && nothing.like.that ? false : true',
    'exitCode in [1, 2, 3]',
    'exitCode not in [0, 2]',
    'exitCode in 1..3',
    'not (exitCode in 2..3)',
    '"a" in {a: 1, "b": 2}',
    'stdout matches "^height [0-9]+\\n"',
    'stdout matches "(?i)exit_REASON"',
    'stdout matches "(?P<word>EXIT)" + "_REASON"',
    'len(stdout) == 31',
    'len([1, 2, 3]) == 3 and len("é") == 2',
    '1 + 2 * 3 == 7',
    '(1 + 2) * 3 == 9',
    '7 / 2 == 3',
    '7.0 / 2 == 3.5',
    '7 % 4 == 3',
    '2 ** 3 ** 2 == 512',
    '-exitCode == -1',
    '1 - 2 - 3 == -4',
    '1_000 == 1e3',
    '0x10 == 16',
    '.5 < 1',
    'exitCode ? false : true ? true : false'.replace('exitCode', 'false'),
    'unheardOf == nil',
    'unheardOf != 1',
    'nil not in [1]',
    'all(1..3, {# > 0}) and none([1, 2], {# > 2})',
    'any([1, 2], {# == exitCode}) and one([1, 2], {# == 1})',
    'count([1, 2, 3], {# > 1}) == 2',
    'filter(1..9, {# % 2 == 0}) == [2, 4, 6, 8]',
    'map([1, 2], {# * 2}) == [2, 4]',
    'any([{code: 1}, {code: 2}], {.code == 2})',
    '{a: {b: 1}}.a.b == 1 and {a: 1}["a"] == 1',
    '[1, 2, 3][-1] == 3 and [1, 2, 3][1:] == [2, 3]',
    'stdout[0:6] == "height" and stdout[0] == 104',
    '"tab\\t" == "tab\\u0009" and \'it\\\'s\' == "it\'s"',
    '"a" < "b" and "B" < "a"',
    '1 == 1.0 and "1" != 1',
    'true == (exitCode == 1)',
  ])('default: %s is true', (source) => {
    expect(evaluate(source)).toBe(true)
  })

  test.each([
    'exitCode == 0',
    'stdout contains "pass"',
    'not true',
    'exitCode in []',
    'exitCode in nil',
    'stdout == ""',
    'stdout matches "fail$\\n"',
    'unheardOf == 1',
    'false ? true : false',
  ])('default: %s is false', (source) => {
    expect(evaluate(source)).toBe(false)
  })

  test.each([
    ['', 'an empty one does not mean always'],
    ['   ', 'nor does white space'],
    ['exitCode ==', 'an operand is missing'],
    ['exitCode = 0', 'no such operator'],
    ['(exitCode == 0', 'a bracket is open'],
    ['exitCode == 0)', 'a bracket too many'],
    ['exitCode == 0 stdout', 'two expressions'],
    ['exitCode', 'a number is neither true nor false'],
    ['"true"', 'nor is a text'],
    ['nil', 'nor is nil'],
    ['unheardOf', 'nor what nobody gave'],
    ['unheardOf > 0', 'nil has no order'],
    ['not exitCode == 0', 'not binds closer than =='],
    ['exitCode && true', 'a number is no condition'],
    ['stdout > 1', 'text and number have no order'],
    ['exitCode + stdout == ""', 'nor a sum'],
    ['"a" in stdout', 'in looks into lists and maps'],
    ['exitCode contains "1"', 'contains looks into texts'],
    ['exitCode / 0 == 0', 'whole numbers do not divide by nothing'],
    ['stdout matches "("', 'no pattern'],
    ['false and stdout matches "("', 'no pattern, though it is never used'],
    ['stdout matches "(?=x)"', 'Go has no look-ahead'],
    ['nothing.like.that == nil', 'nil has no parts'],
    ['shout(stdout) == ""', 'no such function'],
    ['# == 1', 'an element of nothing'],
    ['"open', 'a quote is open'],
    ['"\\q" == "q"', 'no such escape'],
    ['[1][5] == nil', 'out of range'],
    ['exitCode == 0 ? true', 'half a choice'],
  ])('error: %j: %s', (source) => {
    expect(() => evaluate(source)).toThrow()
  })
})
