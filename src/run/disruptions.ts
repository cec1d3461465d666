import type { HaltKind } from '../contract/halts.ts'

/**
 * What disrupts: a node task, an upgrade, a change of image, a pause, a fault, a deletion by the run, or the user's own
 * word. It decides which incidents a window explains.
 */
export type DisruptionKind = 'task' | 'upgrade' | 'image' | 'pause' | 'fault' | 'deletion' | 'user'

/** A disruption that is expected from when the window opens until it is closed. */
export interface DisruptionWindow {
  /** Name of the SeiNetwork. */
  readonly network: string
  /** Name of one node. Left out: every node of the network. */
  readonly node?: string | undefined
  readonly kind: DisruptionKind
  /** One phrase for people: `restartPod on sei-x-1`. */
  readonly reason: string
  /** Halts that belong to it, beside what its kind explains. Left out: those of its kind. */
  readonly halts?: ExpectedHalts | undefined
}

export interface ExpectedHalts {
  readonly kinds: readonly HaltKind[]
  /** Only at this height. */
  readonly height?: number | undefined
  readonly planName?: string | undefined
}

/**
 * Something that went wrong with a node or network, before it is known whether anyone expected it: a container's end (`exit`),
 * an announced halt, or what the chain shows.
 */
export interface Incident {
  readonly network: string
  /** Left out for what concerns the whole network. */
  readonly node?: string | undefined
  readonly cause: IncidentCause
  /** Of `exit` and `halt`. */
  readonly halt?:
    | { readonly kind: HaltKind; readonly height?: number; readonly planName?: string }
    | undefined
}

export type IncidentCause = 'exit' | 'halt' | 'stall' | 'quorum' | 'fork' | 'follower'

export interface OpenDisruption extends Disposable {
  readonly window: DisruptionWindow
  /** ISO 8601. */
  readonly openedAt: string
  /** To be called once its recovery gate has passed. Idempotent. */
  close(): void
}

/** The expected-disruption windows of a run. Whoever does something to a node opens one first. */
export interface Disruptions {
  open(window: DisruptionWindow): OpenDisruption
  /** Those that are open now for a network or, with `node`, that concern this node. */
  of(network: string, node?: string): readonly OpenDisruption[]
  /** Like `of` for one node, with those that were closed a moment ago: word of what they explain may still be on its way. */
  recent(network: string, node: string): readonly OpenDisruption[]
  /** The window that explains an incident. An incident that none explains is a loss. */
  explaining(incident: Incident): OpenDisruption | undefined
  /** Hears of each opening and closing. Returns the way to stop. */
  subscribe(listener: (change: 'opened' | 'closed', disruption: OpenDisruption) => void): () => void
}

type Rule = {
  readonly causes: readonly IncidentCause[]
  readonly halts: readonly HaltKind[]
}

/** A node that is stopped on purpose goes by SIGTERM, or by SIGKILL once its grace is over; some ends nobody sees. */
const stops: readonly HaltKind[] = ['stopped', 'killed', 'unknown']
const silence: readonly IncidentCause[] = ['exit', 'stall', 'quorum', 'follower']

/** What each kind explains. A fork is never expected, and a crash only where the user says that nodes fail. */
const rules: Readonly<Record<DisruptionKind, Rule>> = {
  task: { causes: silence, halts: stops },
  image: { causes: silence, halts: stops },
  pause: { causes: silence, halts: stops },
  deletion: { causes: silence, halts: stops },
  fault: { causes: silence, halts: stops },
  upgrade: { causes: [...silence, 'halt'], halts: [...stops, 'upgrade-required'] },
  user: { causes: silence, halts: [...stops, 'crash', 'halt-height', 'zombie', 'frozen'] },
}

/** How late word of a container's end may come, ms. */
const echoMs = 1_000

export function createDisruptions(): Disruptions {
  const open = new Set<OpenDisruption>()
  /** By when they were closed, ms. */
  const closed = new Map<OpenDisruption, number>()
  const listeners = new Set<Parameters<Disruptions['subscribe']>[0]>()
  const tell = (change: 'opened' | 'closed', one: OpenDisruption): void => {
    for (const listener of listeners) listener(change, one)
  }
  const of: Disruptions['of'] = (network, node) =>
    [...open].filter(({ window }) => window.network === network && concerns(window, node))
  return {
    open: (window) => {
      const close = (): void => {
        if (!open.delete(one)) return
        closed.set(one, performance.now())
        tell('closed', one)
      }
      const one = { window, openedAt: new Date().toISOString(), close, [Symbol.dispose]: close }
      open.add(one)
      tell('opened', one)
      return one
    },
    of,
    recent: (network, node) => {
      for (const [one, at] of closed) if (performance.now() - at > echoMs) closed.delete(one)
      const echoes = [...closed.keys()].filter(
        ({ window }) => window.network === network && concerns(window, node),
      )
      return [...of(network, node), ...echoes]
    },
    explaining: (incident) => of(incident.network).find(({ window }) => explains(window, incident)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Asked about no node in particular, every window of the network answers. */
function concerns(window: DisruptionWindow, node: string | undefined): boolean {
  return node === undefined || window.node === undefined || window.node === node
}

/**
 * Whether a window that is open explains an incident. One of the whole network is explained by a window of one node as well:
 * the watchdog asks only where the nodes under windows are enough to stop the chain.
 */
export function explains(window: DisruptionWindow, { node, cause, halt }: Incident): boolean {
  if (!concerns(window, node)) return false
  const rule = rules[window.kind]
  const { halts } = window
  if (halt !== undefined && halts !== undefined && isExpected(halts, halt)) return true
  if (!rule.causes.includes(cause)) return false
  return halt === undefined || rule.halts.includes(halt.kind)
}

function isExpected(expected: ExpectedHalts, halt: NonNullable<Incident['halt']>): boolean {
  const { kinds, height, planName } = expected
  const sameHeight = height === undefined || halt.height === undefined || halt.height === height
  const samePlan = planName === undefined || halt.planName === undefined || halt.planName === planName
  return kinds.includes(halt.kind) && sameHeight && samePlan
}
