import { sidecarTarget } from '../../sidecar/target.ts'
import { type SidecarTask, SidecarError } from '../../sidecar/client.ts'
import type { Sighting, TaskKind, Work } from '../kind.ts'

const minuteMs = 60_000

export interface SidecarKind extends Pick<TaskKind, 'payload' | 'timeoutMs' | 'problem'> {
  /** Task type of the sidecar. */
  readonly type: string
  readonly params: (work: Work) => Record<string, unknown>
  /** What a task that is over means. @default done, or failed with its error */
  readonly read?: (work: Work, result: SidecarTask) => Sighting
  /** An accepted submission counts as success; what becomes of it is never read. */
  readonly fireAndForget?: true
}

/** A kind that the target's sidecar carries out. */
export function sidecarKind({
  type,
  params,
  read = readPlain,
  fireAndForget,
  ...kind
}: SidecarKind): TaskKind {
  const address = ({ context, target }: Work): ReturnType<typeof sidecarTarget> =>
    sidecarTarget(context.services, target.metadata.namespace ?? '', target.metadata.name)
  return {
    ...kind,
    execute: (work) =>
      work.context.sidecar.submit(address(work), { id: work.id, type, params: params(work) }),
    async look(work) {
      if (fireAndForget === true) return { state: 'complete' }
      const result = await ask(work, address(work))
      // One that the sidecar has lost reads as still running.
      return result === undefined || result.status === 'running' ? { state: 'running' } : read(work, result)
    },
  }
}

export function readPlain({ id }: Work, { status, error }: SidecarTask): Sighting {
  return status === 'completed'
    ? { state: 'complete' }
    : { state: 'failed', error: error ?? `task ${id} failed with unknown error` }
}

async function ask(
  { context, id }: Work,
  target: ReturnType<typeof sidecarTarget>,
): Promise<SidecarTask | undefined> {
  try {
    return await context.sidecar.task(target, id)
  } catch (error) {
    if (error instanceof SidecarError) return undefined
    throw error
  }
}

export const awaitCondition: TaskKind = sidecarKind({
  payload: 'awaitCondition',
  type: 'await-condition',
  params: ({ task: { spec } }) => ({
    condition: 'height',
    targetHeight: spec.awaitCondition?.height?.targetHeight,
    ...(spec.awaitCondition?.action === undefined ? {} : { action: spec.awaitCondition.action }),
  }),
})

export const awaitNodesAtHeight: TaskKind = sidecarKind({
  payload: 'awaitNodesAtHeight',
  type: 'await-condition',
  params: ({ task: { spec } }) => ({
    condition: 'height',
    targetHeight: spec.awaitNodesAtHeight?.targetHeight,
  }),
})

export const restartSeid: TaskKind = sidecarKind({
  payload: 'restartSeid',
  type: 'restart-seid',
  timeoutMs: 10 * minuteMs,
  params: () => ({}),
})

export const markReady: TaskKind = sidecarKind({
  payload: 'markReady',
  type: 'mark-ready',
  timeoutMs: 2 * minuteMs,
  params: () => ({}),
  fireAndForget: true,
})
