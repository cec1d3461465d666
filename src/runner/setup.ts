/**
 * Set-up file that the plugin adds to each project. Vitest runs it once per test file, with and without isolation, which
 * a hook at module level of the fixtures would not be.
 */
import { afterAll, aroundEach, beforeAll } from 'vitest'
import { leaseOf } from './lease-of.ts'
import { leaseFixtures } from './named-fixtures.ts'
import { workerState } from './worker-state.ts'

// Without a time limit of Vitest's: the supervisor has budgets of its own and always answers. A failure is remembered by
// the lease and thrown by the fixture in each test, since a throw here would show as skipped tests without a message.
beforeAll(async ({}, suite) => {
  const file = suite.file.filepath
  const named = workerState().named.get(file)
  if (named !== undefined && !named.isDisjointFrom(leaseFixtures)) await leaseOf(file).settle()
}, 0)

// Vitest lets go of a test's body when the test's signal aborts, and then runs its clean-up; it reads the signal from the
// context when the body begins. What does not end even so is left to itself by `untilLost`.
aroundEach(async (runTest, { task }) => {
  const lease = workerState().leases.get(task.file.filepath)
  if (lease === undefined) return runTest()
  const { context } = task
  Object.assign(context, { signal: AbortSignal.any([context.signal, lease.signal]) })
  return lease.untilLost(runTest)
}, 0)

afterAll(({}, suite) => {
  const { leases, named } = workerState()
  leases.get(suite.file.filepath)?.detach()
  leases.delete(suite.file.filepath)
  named.delete(suite.file.filepath)
})
