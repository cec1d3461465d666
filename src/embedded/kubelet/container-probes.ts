import type { Container } from '../../contract/objects.ts'
import { probeTarget } from './probe-targets.ts'
import { probe, type ProbeSpec } from './probes.ts'
import type { Sandbox } from './runtime/types.ts'
import { errorText } from '../../errors/error-text.ts'

export interface ContainerProbes {
  readonly container: Container
  readonly sandbox: Sandbox
  readonly record: (type: 'Normal' | 'Warning', reason: string, message: string) => void
  /** Ends with the container's run. */
  readonly signal: AbortSignal
  /** The startup probe passed; never called for a container without one. */
  readonly onStarted: () => void
  /** Readiness as it is known; only once the container is started. */
  readonly onReady: (ready: boolean) => void
}

/**
 * Runs a container's startup and readiness probes. Liveness probes are not run: nothing here hangs without exiting. The
 * readiness probe's own delay counts from the container's start, but it reports only after the startup probe.
 */
export function probeContainer(probes: ContainerProbes): void {
  const { container, signal } = probes
  const startup = container['startupProbe'] as ProbeSpec | undefined
  const readiness = container['readinessProbe'] as ProbeSpec | undefined
  let started = startup === undefined
  let ready: boolean | undefined = readiness === undefined ? true : undefined
  const tell = (): void => {
    if (started && ready !== undefined && !signal.aborted) probes.onReady(ready)
  }
  if (startup !== undefined)
    void run(probes, 'Startup', startup, (ok) => {
      if (!ok) return
      started = true
      probes.onStarted()
      tell()
    })
  if (readiness !== undefined)
    void run(probes, 'Readiness', readiness, (ok) => {
      ready = ok
      tell()
    })
}

async function run(
  { container, sandbox, record, signal }: ContainerProbes,
  what: 'Startup' | 'Readiness',
  spec: ProbeSpec,
  onResult: (ok: boolean) => void,
): Promise<void> {
  try {
    await probe({
      clock: sandbox.clock,
      spec,
      target: probeTarget(sandbox, container, spec),
      signal,
      once: what === 'Startup',
      onPass: () => onResult(true),
      onFail: (message, decided) => {
        record('Warning', 'Unhealthy', `${what} probe failed: ${message}`)
        if (decided) onResult(false)
      },
    })
  } catch (error) {
    record('Warning', 'ProbeWarning', `${what} probe errored: ${errorText(error)}`)
  }
}
