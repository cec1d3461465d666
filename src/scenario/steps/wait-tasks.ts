import type { SeiNodeTask } from '../../contract/crds/head/seinodetask.ts'
import { seiNodeTasks } from '../../contract/kinds.ts'
import { hasCode } from '../../errors/guards.ts'
import { timeoutError } from '../../errors/sei-error.ts'
import type { Watch } from '../../kube/types.ts'
import { taskFailure } from './exit-reason.ts'
import { decideFanOut, type FanOutMode } from './fan-out-mode.ts'
import type { StepContext } from './step.ts'

/** A SeiNodeTask that was applied, and the node it works on. */
export interface TaskTarget {
  readonly name: string
  readonly node: string
}

export interface TaskWait {
  readonly namespace: string
  readonly targets: readonly TaskTarget[]
  readonly mode: FanOutMode
  /** Of the scenario's clock. */
  readonly timeoutMs: number
}

/**
 * Waits until enough tasks are Complete; resolves to those, in the order of the targets. Ends as soon as too many have failed:
 * the others go on by themselves. Throws, class failed, with each failure's reason; class timeout.
 */
export async function waitTasks(step: StepContext, wait: TaskWait): Promise<SeiNodeTask[]> {
  const { namespace, targets, mode } = wait
  const timeoutMs = step.budgetMs(wait.timeoutMs)
  const watch = step.cluster.kube.watch<SeiNodeTask>(seiNodeTasks, { namespace })
  const told = new Set<string>()
  const tally = (): { complete: SeiNodeTask[]; failed: SeiNodeTask[] } => {
    const tasks = targets.map(({ name }) => watch.get({ namespace, name }))
    const ended = (phase: string): SeiNodeTask[] =>
      tasks.filter((task) => task !== undefined).filter(({ status }) => status?.phase === phase)
    return { complete: ended('Complete'), failed: ended('Failed') }
  }
  try {
    const verdict = await watch.waitFor(
      () => {
        const { complete, failed } = tally()
        for (const task of [...complete, ...failed]) tell(step, task, told)
        return decideFanOut(mode, targets.length, complete.length, failed.length)
      },
      {
        timeoutMs,
        time: step.time,
        signal: step.signal,
        description: `${targets.length} SeiNodeTasks to end`,
      },
    )
    const { complete, failed } = tally()
    if (verdict === 'met') return complete
    throw taskFailure(failed.map(describeFailure).join('\n'))
  } catch (error) {
    if (!hasCode(error, 'WAIT_TIMEOUT')) throw error
    throw late(wait, watch, timeoutMs, error)
  } finally {
    watch.close()
  }
}

function tell({ say }: StepContext, task: SeiNodeTask, told: Set<string>): void {
  const { name } = task.metadata
  if (told.has(name)) return
  told.add(name)
  say(task.status?.phase === 'Complete' ? `SeiNodeTask ${name} is Complete` : describeFailure(task))
}

function describeFailure({ metadata, status }: SeiNodeTask): string {
  const condition = status?.conditions?.find(
    ({ type, status: holds }) => type === 'Failed' && holds === 'True',
  )
  const why = status?.task?.err ?? condition?.message ?? 'the controller gives no reason'
  return `SeiNodeTask ${metadata.name} is Failed: ${why}`
}

function late(
  { namespace, targets }: TaskWait,
  watch: Watch<SeiNodeTask>,
  timeoutMs: number,
  cause: unknown,
): Error {
  const open = targets
    .map(({ name, node }) => ({ name, node, phase: watch.get({ namespace, name })?.status?.phase }))
    .filter(({ phase }) => phase !== 'Complete')
    .map(({ name, node, phase }) => `SeiNodeTask ${name} for ${node} is ${phase ?? 'not begun'}`)
  return timeoutError(`after ${timeoutMs} ms: ${open.join('; ')}`, { code: 'WAIT_TIMEOUT', cause })
}
