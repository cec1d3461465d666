import type { RunEvent } from './progress.ts'

/** The events of one Vitest instance's runs, as they happen; a late subscriber first gets what was before. */
export interface RunFeed {
  subscribe(listener: (event: RunEvent) => void): () => void
}

const key = Symbol.for('vitest-environment-sei.feeds')

/**
 * Feeds by Vitest instance. It hangs on globalThis because a reporter named in a config and the plugin may be two copies
 * of this module.
 */
export function runFeeds(): WeakMap<object, RunFeed> {
  const holder = globalThis as { [key]?: WeakMap<object, RunFeed> }
  return (holder[key] ??= new WeakMap())
}
