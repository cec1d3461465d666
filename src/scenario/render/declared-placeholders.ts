import { parse } from 'yaml'
import { closest } from '../../contract/closest.ts'
import { isPlainObject, show } from '../../contract/checks.ts'
import { annotations } from '../../contract/labels.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import {
  knownPlaceholders,
  placeholderNamed,
  runPlaceholders,
  type Placeholder,
  type PlaceholderList,
} from './known-placeholders.ts'
import { placeholderTypes, type PlaceholderType } from './placeholder-types.ts'

export const placeholderName: RegExp = /^[A-Z_][A-Z0-9_]*$/

/**
 * The placeholders of a scenario: those its Workflow declares in the annotation `sei.io/placeholders`, else those known of
 * its name; to both come the run's own, and `more`, each `NAME` or `NAME=type`.
 */
export function placeholdersOf(
  scenario: string,
  declared: unknown,
  more: readonly string[],
  where: string,
): PlaceholderList {
  const list = declared === undefined ? knownPlaceholders(scenario) : declaredList(declared, where)
  const added = more.map((one) => {
    const [name = '', type] = one.split('=', 2)
    return [name, placeholderOf(name, type, '--placeholder')] as const
  })
  const own = runPlaceholders.map((name) => [name, placeholderNamed(name)] as const)
  return new Map([...own, ...list, ...added])
}

function declaredList(declared: unknown, where: string): PlaceholderList {
  const value = typeof declared === 'string' ? parsed(declared, where) : declared
  if (!isPlainObject(value))
    throw usageError([
      {
        what: `${show(value)} is not a list of placeholders`,
        where,
        expected: 'a text with one line "NAME: type" for each',
        fix: `write ${annotations.placeholders}: | and the lines below it`,
      },
    ])
  return new Map(Object.entries(value).map(([name, type]) => [name, placeholderOf(name, type, where)]))
}

function parsed(text: string, where: string): unknown {
  try {
    return parse(text) ?? {}
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : []
    throw usageError([
      {
        what: `the placeholders cannot be read (${reason})`,
        where,
        expected: 'one line "NAME: type" for each',
        fix: 'correct the line',
      },
    ])
  }
}

function placeholderOf(name: string, declared: unknown, where: string): Placeholder {
  if (!placeholderName.test(name))
    throw usageError([
      {
        what: `${show(name)} is not the name of a placeholder`,
        where,
        expected: 'upper-case letters, digits and underscores',
        fix: 'write the name as it stands in the Workflow, without $',
      },
    ])
  const known = placeholderNamed(name)
  if (declared === undefined || declared === null) return known
  if (typeof declared === 'string') return { ...known, type: typeOf(name, declared, where) }
  if (!isPlainObject(declared)) throw usageError([badType(name, declared, where)])
  const { type, default: standing, prefix, ...rest } = declared
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw usageError([
      {
        what: `the placeholder ${name} has an unknown field ${show(unknown)}`,
        where,
        expected: 'type, default or prefix',
        fix: `remove ${unknown}`,
      },
    ])
  return {
    ...known,
    type: type === undefined ? known.type : typeOf(name, type, where),
    ...(standing === undefined ? {} : { default: String(standing) }),
    ...(prefix === undefined ? {} : { prefix: String(prefix) }),
  }
}

function typeOf(name: string, declared: unknown, where: string): PlaceholderType {
  const type = placeholderTypes.find((candidate) => candidate === declared)
  if (type === undefined) throw usageError([badType(name, declared, where)])
  return type
}

function badType(name: string, declared: unknown, where: string): Problem {
  const near = typeof declared === 'string' ? closest(declared, placeholderTypes) : undefined
  return {
    what: `${show(declared)} is not a type of placeholder, for ${name}`,
    where,
    expected: placeholderTypes.join(', '),
    fix: near === undefined ? 'write one of these' : `did you mean ${near}?`,
  }
}
