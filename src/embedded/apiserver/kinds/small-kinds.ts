import { invalidValue, required, type FieldError } from '../field-error.ts'
import { deepEqual, recordAt, type ApiObject } from '../object.ts'
import { builtInStrategy, fill, records } from './builtin.ts'
import type { Strategy } from './strategy.ts'

export const serviceAccountStrategy: Strategy = builtInStrategy({ deleteAnswersObject: true })

export const nodeStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  // A kubelet registers with its status in the same request.
  createsWithStatus: true,
  selectable: { 'spec.unschedulable': (node) => String(recordAt(node, 'spec')['unschedulable'] ?? false) },
  prepare(node, live) {
    if (live === undefined) fill(node, { spec: {}, status: {} })
  },
})

export const endpointsStrategy: Strategy = builtInStrategy({
  createOnUpdate: true,
  defaults(endpoints) {
    for (const subset of records(endpoints, 'subsets')) {
      for (const port of records(subset, 'ports')) fill(port, { protocol: 'TCP' })
    }
  },
})

export const endpointSliceStrategy: Strategy = builtInStrategy({
  counted: true,
  defaults(slice) {
    for (const port of records(slice, 'ports')) fill(port, { name: '', protocol: 'TCP' })
  },
  validate: (slice, live) =>
    live === undefined || deepEqual(slice['addressType'], live['addressType'])
      ? []
      : [invalidValue('addressType', slice['addressType'], 'field is immutable')],
})

export const leaseStrategy: Strategy = builtInStrategy({ createOnUpdate: true, unconditionalUpdate: false })

/** RBAC objects: stored and served, never consulted, since the one token is that of an administrator. */
export const roleStrategy: Strategy = builtInStrategy({
  nameRule: 'path',
  // Also of a role without rules a real server shows the field.
  defaults: (role) => fill(role, { rules: null }),
})

export const roleBindingStrategy: Strategy = builtInStrategy({
  nameRule: 'path',
  defaults(binding) {
    const role = binding['roleRef']
    if (typeof role === 'object' && role !== null)
      fill(role as Record<string, unknown>, { apiGroup: rbacGroup })
    for (const subject of records(binding, 'subjects')) {
      fill(subject, subject['kind'] === 'ServiceAccount' ? {} : { apiGroup: rbacGroup })
    }
  },
  validate: validateBinding,
})

const rbacGroup = 'rbac.authorization.k8s.io'

function validateBinding(binding: ApiObject, live: ApiObject | undefined): FieldError[] {
  if (binding['roleRef'] === undefined) return [required('roleRef')]
  if (live === undefined || deepEqual(binding['roleRef'], live['roleRef'])) return []
  return [invalidValue('roleRef', binding['roleRef'], 'cannot change roleRef')]
}
