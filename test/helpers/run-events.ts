import type { RunEvent } from '../../src/contract/progress.ts'

type NetworkEvent = Extract<RunEvent, { type: 'network' }>

function networkEvents(events: readonly RunEvent[]): NetworkEvent[] {
  return events.filter((event): event is NetworkEvent => event.type === 'network')
}

/** Names of the networks that were created, in that order. */
export function created(events: readonly RunEvent[]): string[] {
  return inState(events, 'creating')
}

export function deleted(events: readonly RunEvent[]): string[] {
  return inState(events, 'deleted')
}

function inState(events: readonly RunEvent[], state: NetworkEvent['state']): string[] {
  return networkEvents(events)
    .filter((event) => event.state === state)
    .map(({ network }) => network)
}

/** The most networks that stood, or may have stood, at one moment. */
export function standingAtOnce(events: readonly RunEvent[]): number {
  const standing = new Set<string>()
  let most = 0
  for (const { network, state } of networkEvents(events)) {
    if (state === 'creating') standing.add(network)
    if (state === 'deleted') standing.delete(network)
    most = Math.max(most, standing.size)
  }
  return most
}
