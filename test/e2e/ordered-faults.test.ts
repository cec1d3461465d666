import { describe, test } from 'vitest'
import { expectOrderedFault, orderedFaults } from '../helpers/ordered-faults.ts'

describe.concurrent('ordered faults', () => {
  test.for(orderedFaults)('error: $fault on $on ends with node, gate and cause', (fault) =>
    expectOrderedFault(fault),
  )
})
