import { keyProblem, labelValueProblem } from './metadata-rules.ts'
import { badRequest } from './status-error.ts'

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean

const word = '[^\\s,()=!<>]+'
const setTerm = new RegExp(`^(${word})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
/** What follows `in` where a list should open. */
const openTerm = new RegExp(`^${word}\\s+(?:in|notin)(?:\\s+(${word}))?$`)
const compareTerm = new RegExp(`^(${word})\\s*(==|=|!=|>|<)\\s*([^\\s,()=!<>]*)$`)
const existsTerm = new RegExp(`^(!?)\\s*(${word})$`)

/**
 * A predicate on labels from selector text; `undefined` for one that selects everything.
 * @throws StatusError 400 for bad syntax
 */
export function parseLabelSelector(text: string): LabelMatcher | undefined {
  if (text.trim() === '') return undefined
  const matchers = splitTerms(text).map(labelTerm)
  return (labels) => matchers.every((matches) => matches(labels))
}

/** Splits at commas that are not within parentheses. */
function splitTerms(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((term) => term.trim())
}

function labelTerm(term: string): LabelMatcher {
  const set = setTerm.exec(term)
  if (set !== null) return setMatcher(set[1] ?? '', set[2] ?? '', set[3] ?? '')
  const compare = compareTerm.exec(term)
  if (compare !== null) return compareMatcher(compare[1] ?? '', compare[2] ?? '', compare[3] ?? '')
  const open = openTerm.exec(term)
  if (open !== null) throw badRequest(`unable to parse requirement: found '${open[1] ?? ''}' expected: '('`)
  const exists = existsTerm.exec(term)
  if (exists === null) {
    throw badRequest(`unable to parse requirement: found '${term}', expected: identifier`)
  }
  const key = checkedKey(exists[2] ?? '')
  return exists[1] === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined
}

function setMatcher(key: string, operator: string, list: string): LabelMatcher {
  checkedKey(key)
  const values = new Set(list.split(',').map((value) => checkedValue(key, value.trim())))
  if (operator === 'in') return (labels) => labels[key] !== undefined && values.has(labels[key])
  return (labels) => labels[key] === undefined || !values.has(labels[key])
}

function compareMatcher(key: string, operator: string, value: string): LabelMatcher {
  checkedKey(key)
  if (operator === '>' || operator === '<') return orderMatcher(key, operator, value)
  checkedValue(key, value)
  return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
}

function orderMatcher(key: string, operator: string, value: string): LabelMatcher {
  if (!/^-?\d+$/.test(value)) {
    throw badRequest(
      `unable to parse requirement: values[0][${key}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
    )
  }
  const bound = Number(value)
  return (labels) => {
    const actual = labels[key]
    if (actual === undefined || !/^-?\d+$/.test(actual)) return false
    return operator === '>' ? Number(actual) > bound : Number(actual) < bound
  }
}

function checkedKey(key: string): string {
  const problem = keyProblem(key)
  if (problem === undefined) return key
  throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${key}": ${problem}`)
}

function checkedValue(key: string, value: string): string {
  const problem = labelValueProblem(value)
  if (problem === undefined) return value
  throw badRequest(`unable to parse requirement: values[0][${key}]: Invalid value: "${value}": ${problem}`)
}

/** One `field=value` or `field!=value`. */
export interface FieldTerm {
  readonly field: string
  readonly equal: boolean
  readonly value: string
}

/** @throws StatusError 400 for bad syntax */
export function parseFieldSelector(text: string): FieldTerm[] {
  if (text === '') return []
  const terms = text.match(/(?:\\.|[^,\\])+/g) ?? []
  return terms.map((term) => {
    const match = /^((?:\\.|[^=!\\])+)(==|=|!=)((?:\\.|[^\\])*)$/s.exec(term)
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
    const [, field = '', operator = '', value = ''] = match
    return { field, equal: operator !== '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') }
  })
}
