import type { WorkflowRuns } from '../../contract/workflow-runs.ts'
import type { LeaseTransport } from './transport.ts'

/** Workflow scenarios, asked of the supervisor; `current` is the signal of the test that asks. */
export function remoteWorkflows(
  transport: LeaseTransport,
  current: () => AbortSignal | undefined,
): WorkflowRuns {
  return {
    run: async (scenario, vars = {}, { signal, ...settings } = {}) => {
      const signals = [signal, current()].filter((one) => one !== undefined)
      return await transport.call('runWorkflow', { scenario, vars, settings }, AbortSignal.any(signals))
    },
  }
}
