import type { Clock } from '../clock.ts'
import type { HaltIntent } from './halt/intent.ts'
import { imageVersion, settingsOf, type NodeSettings } from './settings.ts'
import type { NodeSession, NodeView, SeidConfig } from './types.ts'

/** Simulated milliseconds between looks at the peers' heights. */
const peerHeightRefreshMs = 10_000

/** What the front ends of one running node share. */
export interface SeidNode {
  readonly config: SeidConfig
  readonly settings: NodeSettings
  readonly clock: Clock
  readonly session: NodeSession
  /** Software version the node reports. */
  readonly version: string
  /** The latest view; replaced on every change. */
  readonly view: NodeView
  /** Announced since it halted on purpose. */
  readonly intent: HaltIntent | undefined
  /** Best peer height as this node shows it: looked at every 10 s. */
  peerHeight(): number
  /** Calls back after every change of the view; returns the way to stop. */
  onView(listener: (view: NodeView, before: NodeView) => void): () => void
}

export interface SeidNodeState extends SeidNode {
  update(view: NodeView): void
  announce(intent: HaltIntent): void
}

export function createSeidNode(
  config: SeidConfig,
  clock: Clock,
  session: NodeSession,
  first: NodeView,
): SeidNodeState {
  let view = first
  let intent: HaltIntent | undefined
  let shownPeerHeight = 0
  let refreshedAt = Number.NEGATIVE_INFINITY
  const listeners = new Set<(view: NodeView, before: NodeView) => void>()
  return {
    config,
    settings: settingsOf(config),
    clock,
    session,
    version: imageVersion(config.image),
    get view() {
      return view
    },
    get intent() {
      return intent
    },
    peerHeight: () => {
      const now = clock.wall.now()
      if (shownPeerHeight === 0 || (now - refreshedAt) * clock.rate >= peerHeightRefreshMs) {
        shownPeerHeight = view.maxPeerHeight
        refreshedAt = now
      }
      return shownPeerHeight
    },
    onView: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    announce: (next) => {
      intent = next
    },
    update: (next) => {
      const before = view
      view = next
      for (const listener of listeners) listener(next, before)
    },
  }
}
