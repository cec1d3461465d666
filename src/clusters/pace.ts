import type { AnyTaskKind } from '../contract/crds/eras.ts'
import { defaults, type KnownPace } from '../contract/defaults.ts'
import type { ClockKind, ImageCommands } from '../contract/embedded.ts'
import { usageError } from '../errors/sei-error.ts'

export interface SimulationOptions {
  /**
   * Where time comes from. `virtual` leaps over idle time while somebody waits for it to pass; on the embedded API server only.
   * @default 'real'
   */
  readonly clock?: ClockKind | undefined
  /** Simulated milliseconds per real one, 1…1000. @default 200 */
  readonly rate?: number | undefined
  /** Real milliseconds between blocks, 10…60000. @default 100 */
  readonly blockMs?: number | undefined
  /**
   * What is installed: the definitions of an era, `head` or `june`, or those in the files of a folder. An era also says what
   * controllers and sidecars are like. @default the environment's `SEI_DEFINITIONS`, else `head`
   */
  readonly definitions?: string | undefined
  /**
   * Kinds of SeiNodeTask that the controller knows, to have one that is older than the definitions: any other kind fails with
   * UnsupportedKind. @default those of the era
   */
  readonly taskKinds?: readonly AnyTaskKind[] | undefined
  /**
   * By image, whole or without tag and digest: the command that runs in its place on this machine, in pods that run for real.
   * Words that begin with `./` or `../` are paths relative to the working directory. @default none
   */
  readonly images?: ImageCommands | undefined
  /**
   * Stand-ins for the controllers and the admission of Chaos Mesh. `false` where the real ones run on this cluster: two would
   * each carry out every Workflow. Its definitions are installed either way.
   * @default true
   */
  readonly chaosMesh?: boolean | undefined
  /** Namespace of objects that name none. @default 'default' */
  readonly namespace?: string | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Patience, in ms, with a watch that falls silent on the way to a simulated cluster: whoever waits there counts in seconds.
 */
export const simulatedWatchStallMs = 10_000

/** `clock ×200`, or `virtual clock ×200`. */
export function describeClock({ rate, clockUrl }: Pick<KnownPace, 'rate' | 'clockUrl'>): string {
  return `${clockUrl === undefined ? '' : 'virtual '}clock ×${rate}`
}

/** Throws BAD_OPTIONS for what is out of range. */
export function checkPace({ rate, blockMs }: SimulationOptions): { rate: number; blockMs: number } {
  return {
    rate: inRange('rate', rate ?? defaults.embeddedRate, 1, 1_000),
    blockMs: inRange('blockMs', blockMs ?? defaults.embeddedBlockMs, 10, 60_000),
  }
}

/** Throws BAD_OPTIONS where a virtual clock is asked for and cannot be had. */
export function refuseVirtualClock({ clock }: SimulationOptions): void {
  if (clock !== 'virtual') return
  throw usageError(
    [
      {
        what: "clock is 'virtual', and the API server is a real one",
        where: 'option embedded.clock',
        expected: "'real' with mode envtest: etcd and kube-apiserver do not tell when they are idle",
        fix: 'use mode embedded, or leave embedded.clock out',
      },
    ],
    'BAD_OPTIONS',
  )
}

function inRange(name: string, value: number, from: number, to: number): number {
  if (Number.isFinite(value) && value >= from && value <= to) return value
  throw usageError(
    [
      {
        what: `${name} is ${value}`,
        where: `option embedded.${name}`,
        expected: `a number from ${from} to ${to}`,
        fix: `set embedded.${name} to a number in that range, or leave it out`,
      },
    ],
    'BAD_OPTIONS',
  )
}
