import type { RunningVitest } from '../helpers/project.ts'

/** A run whose verdict is known. */
export interface Scenario {
  readonly name: string
  files(): Promise<Readonly<Record<string, string>>>
  readonly exitCode: number
  /** What its output has to say. */
  readonly says: readonly RegExp[]
  /** How many objects such a run makes, those of the controllers included. */
  readonly makes: Readonly<Record<MadeKind, number>>
  /** It takes several times as long as the others. @default false */
  readonly isCostly?: boolean
  /** Deletions that its tests ask for. @default 0 */
  readonly waivers?: number
  /** What happens to it from outside. */
  readonly meanwhile?: (running: RunningVitest) => Promise<void>
}

/** Kinds of which a run makes as many objects as it says, whatever the API server does to it. */
export type MadeKind = 'SeiNetwork' | 'SeiNode' | 'Namespace'
