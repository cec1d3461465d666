import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { pods, workflowNodes } from '../../contract/kinds.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import { timeoutError } from '../../errors/sei-error.ts'
import { pause } from '../../probe/backoff.ts'
import { taskFailure, infraFailure } from './exit-reason.ts'
import { endOf, type TemplateEnd } from './template-end.ts'
import type { StepContext } from './step.ts'

export interface GateOptions {
  /** Names of Task templates. */
  readonly templates: readonly string[]
  readonly timeoutMs: number
}

/** Between two looks, real ms: what a gate asks about has ended before it begins, and may not be watched by its account. */
const everyMs = 500

/**
 * Passes when every Task of these templates has ended with exit code 0. Throws naming each that has not: class failed where
 * the first of them failed by exit code 1, infra for any other end, timeout where one has not ended in time.
 */
export async function runGate(step: StepContext, { templates, timeoutMs }: GateOptions): Promise<void> {
  const by = step.time.now() + step.budgetMs(timeoutMs)
  for (;;) {
    const ends = await look(step, templates)
    const open = ends.filter(({ ended }) => !ended)
    if (open.length === 0) return judge(step, ends)
    if (step.time.now() >= by) {
      const lines = open.map(({ template, what }) => `${template}: ${what}`)
      throw timeoutError(`not ended in time: ${lines.join('; ')}`, { code: 'WAIT_TIMEOUT' })
    }
    await pause(everyMs, step.signal)
  }
}

async function look(
  { cluster, identity }: StepContext,
  templates: readonly string[],
): Promise<TemplateEnd[]> {
  const { namespace, name } = identity
  const place = { namespace, labelSelector: `${chaosMeshKeys.workflow}=${name}` }
  const [nodes, owned] = await Promise.all([
    cluster.kube.list<WorkflowNode>(workflowNodes, place),
    cluster.kube.list<Pod>(pods, place),
  ])
  return templates.map((template) => endOf(template, nodes.items, owned.items))
}

function judge({ say }: StepContext, ends: readonly TemplateEnd[]): void {
  const bad = ends
    .filter(({ passed }) => !passed)
    .toSorted((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''))
  const [first] = bad
  if (first === undefined) {
    say(`passed: ${ends.map(({ template }) => template).join(', ')}`)
    return
  }
  const message = bad.map(({ template, what }) => `${template}: ${what}`).join('; ')
  throw first.exitCode === 1 ? taskFailure(message) : infraFailure(message)
}
