import { chaosFields } from '../../../../contract/crds/chaos-mesh/template-types.ts'
import { isRecord, listAt, recordAt } from '../../../apiserver/object.ts'

export interface Affected {
  readonly namespaces: readonly string[]
  /** Some selector names no namespace and no pods. */
  readonly everywhere: boolean
}

/** The namespaces of all pod selectors in the spec of a fault, of a Schedule or of a Workflow. */
export function affectedNamespaces(spec: Readonly<Record<string, unknown>>): Affected {
  const selectors = selectorsOf(spec)
  const namespaces = selectors.flatMap((selector) => [
    ...listAt(selector, 'namespaces').map(String),
    ...Object.keys(recordAt(selector, 'pods')),
  ])
  return {
    namespaces: [...new Set(namespaces)],
    everywhere: selectors.some(
      (selector) =>
        listAt(selector, 'namespaces').length + Object.keys(recordAt(selector, 'pods')).length === 0,
    ),
  }
}

function selectorsOf(holder: unknown): unknown[] {
  if (!isRecord(holder)) return []
  const faults = Object.values(chaosFields).map((field) => holder[field])
  const { selector, target, schedule, workflow } = holder
  const nested = [...faults, target, schedule, workflow, ...listAt(holder, 'templates')]
  return [...(isRecord(selector) ? [selector] : []), ...nested.flatMap(selectorsOf)]
}
