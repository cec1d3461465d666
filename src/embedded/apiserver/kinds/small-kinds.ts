import { invalidValue } from '../field-error.ts'
import { deepEqual, recordAt } from '../object.ts'
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
