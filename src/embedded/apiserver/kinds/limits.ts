import { builtInStrategy } from './builtin.ts'
import type { Strategy } from './strategy.ts'

/** Stored and shown: nothing is counted. */
export const quotaStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  prepare(quota, live) {
    if (live === undefined) quota['status'] = {}
  },
})

/** Stored and shown: nothing is limited. */
export const limitRangeStrategy: Strategy = builtInStrategy()
