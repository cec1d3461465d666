import type { Collection } from '../store.ts'

const lifetimeMs = 3_600_000

/** Removes Events an hour after they were last written, as a real server does, whenever a new one is created. */
export function expireEvents(events: Collection, now: () => Date): void {
  const writtenAt = new Map<string, number>()
  events.listen(({ type, key }) => {
    // Taken out first, so that the map stays in the order of the last writes.
    writtenAt.delete(key)
    if (type === 'DELETED') return
    writtenAt.set(key, now().getTime())
    if (type === 'ADDED') queueMicrotask(expire)
  })
  const expire = (): void => {
    const oldest = now().getTime() - lifetimeMs
    for (const [key, at] of writtenAt) {
      if (at > oldest) return
      const event = events.get(key)
      if (event !== undefined) events.remove(event)
    }
  }
}
