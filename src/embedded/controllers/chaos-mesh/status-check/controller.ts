import type { StatusCheck } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import { statusChecks } from '../../../../contract/kinds.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import type { ChaosRecorder } from '../events.ts'
import { createController } from '../../runtime/controller.ts'
import { refOf } from '../../runtime/keys.ts'
import { openStore } from '../../runtime/store.ts'
import { reconcileStatusCheck } from './reconcile.ts'
import type { Worker } from './worker.ts'

export interface StatusChecksOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly onCheck: ChaosRecorder
  readonly log: (line: string) => void
  /** Hears of every check that changes, also of the last of it. */
  readonly onChange: (check: StatusCheck) => void
}

/** Carries StatusChecks out. What was seen lives in this process between two writes, as in the real controller. */
export function startStatusChecks({ kube, clock, onCheck, log, onChange }: StatusChecksOptions): {
  close(): Promise<void>
} {
  const workers = new Map<string, Worker>()
  const store = openStore<StatusCheck>(kube, statusChecks, { optional: true })
  const controller = createController({
    name: 'statuscheck',
    clock,
    concurrency: 1,
    reconcile: (ref) => reconcileStatusCheck({ kube, clock, onCheck, workers }, ref),
    log,
  })
  store.onChange(({ before, after }) => {
    const check = after ?? before
    if (check === undefined) return
    controller.enqueue(refOf(check))
    onChange(check)
  })
  store.ready.catch((error: unknown) => log(`status checks: ${String(error)}`))
  return {
    async close() {
      store.close()
      await controller.close()
      for (const worker of workers.values()) worker.stop()
    },
  }
}
