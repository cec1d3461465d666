import type { SerializedError } from 'vitest'
import type { TestModule } from 'vitest/node'
import type { ErrorCode } from '../errors/codes.ts'
import type { Outcomes } from './outcomes.ts'

/** Codes with which a test fails because its network did, not because of what it tests. */
export const environmentCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'CLUSTER_UNAVAILABLE',
  'CLUSTER_EXITED',
  'PREFLIGHT_FAILED',
  'READINESS_TIMEOUT',
  'READINESS_FAILED',
  'NETWORK_LOST',
  'LEASE_FAILED',
  'RUN_CANCELLED',
])

/** Records what a finished test run means for the exit code. Failures of the environment are the supervisor's to record. */
export function recordTests(
  outcomes: Outcomes,
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
  interrupted: boolean,
): void {
  let ran = 0
  let skipped = 0
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'skipped' || result.state === 'pending') skipped += 1
      else ran += 1
      if (result.state === 'failed' && !isEnvironmentFailure(result.errors)) {
        outcomes.add('testFailed', `${module.relativeModuleId} > ${test.fullName}`)
      }
    }
    if (module.errors().some((error) => !isEnvironmentFailure([error])))
      outcomes.add('testFailed', `${module.relativeModuleId} failed outside its tests`)
  }
  for (const error of unhandled) outcomes.add('testFailed', `unhandled error: ${error.message}`)
  if (ran > 0 || interrupted) return
  outcomes.add('nothingRan', skipped > 0 ? `all ${skipped} tests were skipped` : 'no test was found')
}

/** The first error decides: what follows it (afterEach on a dead network) is its echo. */
function isEnvironmentFailure(errors: readonly object[] | undefined): boolean {
  const [first] = errors ?? []
  return (
    first !== undefined &&
    'code' in first &&
    typeof first.code === 'string' &&
    environmentCodes.has(first.code)
  )
}
