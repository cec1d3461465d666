import type { Clock } from '../clock.ts'
import { nextChange, type OnChange } from './changes.ts'
import { nextTickMs, simulatedNowMs } from './simulated-time.ts'

/** A container probe as the pod spec states it, in seconds. */
export interface ProbeSpec {
  readonly initialDelaySeconds?: number
  readonly periodSeconds?: number
  readonly failureThreshold?: number
  readonly httpGet?: { readonly path?: string; readonly port: number | string }
  readonly tcpSocket?: { readonly port: number | string }
}

/** `undefined` when the probe passes, else what the kubelet's event says. */
export type ProbeAnswer = string | undefined

/**
 * What a probe looks at. One that tells when its answer may have changed is not asked in between; any other has to be
 * asked again and again.
 */
export type ProbeTarget =
  | { check(): ProbeAnswer; readonly onChange: OnChange }
  | { check(): Promise<ProbeAnswer>; readonly onChange?: undefined }

export interface ProbeRun {
  readonly clock: Clock
  readonly spec: ProbeSpec
  readonly target: ProbeTarget
  readonly signal: AbortSignal
  /** End after the first success: a startup probe. */
  readonly once?: boolean
  readonly onPass: () => void
  /** `decided`: the failure threshold is reached. */
  readonly onFail: (message: string, decided: boolean) => void
}

/** Real milliseconds between looks at a target that passes: at a high clock rate probes would cost more than nodes. */
const settledFloorMs = 1_000

/**
 * Probes at the cadence of the spec, on the clock, until the signal aborts. A target that says when it changes is not
 * asked in between: the next look is the first tick of the cadence after the change, which is when it would have been
 * noticed anyway.
 */
export async function probe(run: ProbeRun): Promise<void> {
  const { clock, spec, target, signal } = run
  const periodMs = (spec.periodSeconds ?? 10) * 1_000
  // A kubelet's ticks begin anywhere within the first period: the middle of it here (recorded: 30–38 s for a delay of 30).
  const firstMs = simulatedNowMs(clock) + (spec.initialDelaySeconds ?? 0) * 1_000 + periodMs / 2
  const threshold = spec.failureThreshold ?? 3
  let atMs = firstMs
  let passing = false
  let failures = 0
  try {
    for (;;) {
      await clock.sleep(Math.max(atMs - simulatedNowMs(clock), 0), signal)
      const failure = await target.check()
      signal.throwIfAborted()
      if (failure === undefined) {
        failures = 0
        passing = true
        run.onPass()
        if (run.once === true) return
      } else {
        failures += 1
        const decided = failures >= threshold
        run.onFail(failure, decided)
        if (decided) passing = false
      }
      const ok = failure === undefined
      // A target that passed so far is given up only after the threshold: those looks are due by time.
      const counting = !ok && passing
      if (target.onChange !== undefined && !counting) {
        await changeFrom(target, ok, signal)
        atMs = nextTickMs(simulatedNowMs(clock), firstMs, periodMs)
      } else {
        atMs += ok ? Math.max(periodMs, settledFloorMs * clock.rate) : periodMs
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Resolves once the target answers otherwise than `ok`, which it may already do. */
async function changeFrom(
  target: Extract<ProbeTarget, { onChange: OnChange }>,
  ok: boolean,
  signal: AbortSignal,
): Promise<void> {
  while ((target.check() === undefined) === ok) await nextChange(target.onChange, signal)
}
