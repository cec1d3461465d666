import type { StatusCheck, StatusCheckRecord } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import type { Clock } from '../../../clock.ts'
import { whileHeld } from '../../../wall.ts'
import { seconds } from '../../runtime/conditions.ts'
import { type Look, probe } from './probe.ts'

/** The looks at one check's URL. */
export interface Worker {
  /** Of all looks so far, also those forgotten. */
  readonly count: number
  readonly records: readonly StatusCheckRecord[]
  /** Simulated ms since it began. */
  runningMs(): number
  stop(): void
}

/**
 * Looks at regular intervals, first after one of them, until so many looks in a row had one outcome that the check is decided.
 * `onLook` is called after each.
 */
export function startWorker(
  clock: Clock,
  { spec, status }: StatusCheck,
  onLook: (look: Look) => void,
): Worker {
  const { http, timeoutSeconds = 1, intervalSeconds = 10, recordsHistoryLimit = 100 } = spec
  if (http === undefined) throw new Error('illegal status check, http should not be empty')
  const startedAt = clock.wall.now()
  let { count = 0, records = [] } = status ?? {}
  let last: boolean | undefined
  let alike = 0
  let stopped = false
  let cancel = (): void => undefined

  const isDecided = (ok: boolean): boolean =>
    ok
      ? spec.mode === 'Synchronous' && alike >= (spec.successThreshold ?? 1)
      : alike >= (spec.failureThreshold ?? 3)
  const look = async (): Promise<void> => {
    const startTime = seconds(clock.now())
    const seen = await probe(http, timeoutSeconds * 1_000)
    if (stopped) return
    alike = last === seen.ok ? alike + 1 : 1
    last = seen.ok
    count += 1
    const record: StatusCheckRecord = { startTime, outcome: seen.ok ? 'Success' : 'Failure' }
    records = [...records, record].slice(-recordsHistoryLimit)
    onLook(seen)
    if (!isDecided(seen.ok)) plan()
  }
  const plan = (): void => {
    cancel = clock.after(intervalSeconds * 1_000, () => void whileHeld(clock.wall, look))
  }
  plan()
  return {
    get count() {
      return count
    },
    get records() {
      return records
    },
    runningMs: () => (clock.wall.now() - startedAt) * clock.rate,
    stop() {
      stopped = true
      cancel()
    },
  }
}
