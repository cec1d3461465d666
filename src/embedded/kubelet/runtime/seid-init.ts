import { newHome } from '../sidecar/identity.ts'
import { signalled, untilKilled } from './inert.ts'
import type { Runtime } from './types.ts'

/** Simulated time of `seid init`. */
const initMs = 300

/** The init container: makes keys on a fresh volume, and leaves an initialised one alone. */
export const seidInit: Runtime = ({ sandbox, log }) => {
  const run = untilKilled((signal) => {
    cancel()
    return signalled[signal]
  })
  const cancel = sandbox.clock.after(initMs, () => {
    if (sandbox.files.genesis !== undefined) log('data directory already initialized, skipping seid init')
    sandbox.files.home ??= newHome(sandbox.pod.metadata.labels?.['sei.io/node'] ?? sandbox.pod.metadata.name)
    run.exit(0)
  })
  return run
}
