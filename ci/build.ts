import { chmod, rm } from 'node:fs/promises'
import { execa } from 'execa'

/** Compiles `src` and `fixtures` to `dist` from nothing, so that a removed source leaves no stale module behind. */
await rm('dist', { recursive: true, force: true })
await execa({ stdio: 'inherit', preferLocal: true })`tsc -p tsconfig.build.json`
await chmod('dist/src/cli/main.js', 0o755)
