import { chmod, rm } from 'node:fs/promises'
import { execa } from 'execa'

/** Compiles `src` and `fixtures` to `dist` from nothing, so that a removed source leaves no stale module behind. */
await rm('dist', { recursive: true, force: true })
const { exitCode } = await execa({
  stdio: 'inherit',
  preferLocal: true,
  reject: false,
})`tsc -p tsconfig.build.json`
if (exitCode === 0) await chmod('dist/src/cli/main.js', 0o755)
else process.exitCode = exitCode ?? 1
