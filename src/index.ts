import './contract/node-version.ts'
/**
 * The Vitest environment named `sei`. It is deliberately small: Vitest gives an environment 60 s and kills it without
 * clean-up, so networks are provisioned by the main process (the `sei()` plugin) and handed to tests as fixtures.
 */

/** What Vitest asks of an environment; typed here because this door imports nothing of vitest. */
export interface SeiEnvironment {
  readonly name: 'sei'
  readonly viteEnvironment: 'ssr'
  setup(
    global: typeof globalThis,
    options: Record<string, unknown>,
  ): { teardown(global: typeof globalThis): void }
}

const environment: SeiEnvironment = {
  name: 'sei',
  viteEnvironment: 'ssr',
  setup() {
    // Ctrl-C reaches the whole process group. The main process unwinds the run; a worker that died of the same signal
    // would take its tests' clean-up with it.
    const ignore = (): void => {}
    process.on('SIGINT', ignore)
    process.on('SIGTERM', ignore)
    return {
      teardown() {
        process.off('SIGINT', ignore)
        process.off('SIGTERM', ignore)
      },
    }
  },
}

export default environment
