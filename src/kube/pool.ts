import { createRequire } from 'node:module'
import type { Pool } from 'undici'

type PoolClass = typeof Pool

/**
 * undici's connection pool by itself: the package's main file also loads fetch, WebSocket, caches and mocks, which costs
 * 35 ms at the start of each of the processes of a run. The main file serves where a release has moved the part.
 */
export function loadPool(): PoolClass {
  const require = createRequire(import.meta.url)
  try {
    return require('undici/lib/dispatcher/pool.js') as PoolClass
  } catch {
    return (require('undici') as { readonly Pool: PoolClass }).Pool
  }
}
