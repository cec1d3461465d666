import { closest } from '../../contract/closest.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { Placeholder, PlaceholderList } from './known-placeholders.ts'
import { placeholderChecks } from './placeholder-types.ts'

/** What the run itself gives to placeholders, whether a scenario has them or not. */
export interface RunValues {
  readonly runId: string
  readonly namespace?: string | undefined
  /** Values for placeholders that are given none; names that the scenario does not have are of no interest. */
  readonly defaults?: Readonly<Record<string, string>> | undefined
}

/**
 * A value for every placeholder that has one: what was given, else what the run knows or has as a default, else the
 * scenario's own default, else what follows from the others. Throws a usage error for names that the scenario does not have,
 * for empty values and for bad ones.
 */
export function valuesOf(
  list: PlaceholderList,
  vars: Readonly<Record<string, string>>,
  run: RunValues,
): ReadonlyMap<string, string> {
  const problems = Object.keys(vars).flatMap((name) => unknownName(name, list))
  const own = new Map(
    Object.entries({ SEI_WORKFLOW_RUN_ID: run.runId, SEI_NAMESPACE: run.namespace }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  const values = new Map<string, string>()
  for (const [name, placeholder] of list) {
    const given = vars[name]
    const value =
      given ??
      own.get(name) ??
      run.defaults?.[name] ??
      standing(placeholder, { ...run.defaults, ...vars }, run)
    if (value === undefined) continue
    const where = given === undefined ? `the value of ${name}` : `--var ${name}`
    const checked = placeholderChecks[placeholder.type](value, where)
    if (!checked.ok) problems.push(...checked.problems)
    else if (given !== undefined && (own.get(name) ?? given) !== given)
      problems.push(contradiction(name, given, own))
    else values.set(name, value)
  }
  if (problems.length > 0) throw usageError(problems)
  return values
}

function standing(
  placeholder: Placeholder,
  vars: Readonly<Record<string, string>>,
  run: RunValues,
): string | undefined {
  if (placeholder.default !== undefined) return placeholder.default
  if (placeholder.prefix !== undefined) return `${placeholder.prefix}${run.runId}`
  const image = placeholder.commitOf === undefined ? undefined : vars[placeholder.commitOf]
  return image === undefined ? undefined : commitInTag(image)
}

/** `…/sei-chain:nightly-20260622-1a2b3c4` → `1a2b3c4`; the whole tag where no part of it looks like a commit. */
function commitInTag(image: string): string | undefined {
  const [, tag] = /:([^:/@]+)(?:@.*)?$/.exec(image) ?? []
  return tag?.split(/[-_.]/).findLast((part) => /^[0-9a-f]{7,40}$/.test(part)) ?? tag
}

function unknownName(name: string, list: PlaceholderList): Problem[] {
  if (list.has(name)) return []
  const names = [...list.keys()]
  const near = closest(name, names)
  return [
    {
      what: `the scenario has no placeholder ${JSON.stringify(name)}`,
      where: `--var ${name}`,
      expected: names.join(', '),
      fix: near === undefined ? 'remove it' : `did you mean ${near}?`,
    },
  ]
}

function contradiction(name: string, given: string, own: ReadonlyMap<string, string>): Problem {
  return {
    what: `${JSON.stringify(given)} is not what this run has: ${JSON.stringify(own.get(name))}`,
    where: `--var ${name}`,
    expected: 'no value: the run sets it',
    fix: name === 'SEI_NAMESPACE' ? 'remove it, and use --namespace' : 'remove it, and use --run-id',
  }
}
