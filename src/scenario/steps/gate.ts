import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { pods, workflowNodes } from '../../contract/kinds.ts'
import { workflowSelector } from '../../contract/scenario-names.ts'
import type { Pod } from '../../contract/objects.ts'
import type { GateQuestion } from '../../contract/scenario-gate.ts'
import { timeoutError } from '../../errors/sei-error.ts'
import { pause } from '../../probe/backoff.ts'
import { taskFailure, infraFailure } from './exit-reason.ts'
import { checkEnd, firstFailure, taskEnd, type TemplateEnd } from './template-end.ts'
import type { StepContext } from './step.ts'

export interface GateOptions extends GateQuestion {
  /** For pods that still run. */
  readonly timeoutMs: number
}

/** Between two looks, real ms: what a gate asks about has ended before it begins, and may not be watched by its account. */
const everyMs = 500

/**
 * Passes when all that it asks about has passed. Throws naming each that has not: class failed where the first of them ended
 * with exit code 1, infra for any other end, timeout where one has not ended in time.
 */
export async function runGate(step: StepContext, options: GateOptions): Promise<void> {
  const by = step.time.now() + step.budgetMs(options.timeoutMs)
  for (;;) {
    const ends = await look(step, options)
    const open = ends.filter(({ ended }) => !ended)
    if (open.length === 0 || ends.some(({ ended, passed }) => ended && !passed)) return judge(step, ends)
    if (step.time.now() >= by) {
      const lines = open.map(({ template, what }) => `${template}: ${what}`)
      throw timeoutError(`not ended in time: ${lines.join('; ')}`, { code: 'WAIT_TIMEOUT' })
    }
    await pause(everyMs, step.signal)
  }
}

async function look(
  { cluster, identity }: StepContext,
  { steps, checks }: GateQuestion,
): Promise<TemplateEnd[]> {
  const { namespace, name } = identity
  const place = { namespace, labelSelector: workflowSelector(name) }
  const [nodes, owned] = await Promise.all([
    cluster.kube.list<WorkflowNode>(workflowNodes, place),
    cluster.kube.list<Pod>(pods, place),
  ])
  return [
    ...steps.map((template) => taskEnd(template, nodes.items, owned.items)),
    ...checks.map((template) => checkEnd(template, nodes.items)),
  ]
}

function judge({ say }: StepContext, ends: readonly TemplateEnd[]): void {
  const first = firstFailure(ends)
  if (first === undefined) {
    say(`passed: ${ends.map(({ template }) => template).join(', ')}`)
    return
  }
  const others = ends.filter((end) => end !== first && end.ended && !end.passed)
  const message = [first, ...others].map(({ template, what }) => `${template}: ${what}`).join('; ')
  throw first.exitCode === 1 ? taskFailure(message) : infraFailure(message)
}
