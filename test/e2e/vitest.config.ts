import { defineConfig } from 'vitest/config'
import { long } from './long.ts'
import { onEmbedded } from './on-embedded.ts'

/** The e2e tests of `npm test`. */
export default defineConfig(onEmbedded('e2e', { include: ['*.test.ts'], exclude: Object.keys(long) }))
