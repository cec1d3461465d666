import { ports } from '../../../contract/ports.ts'
import { listenAs } from '../ports.ts'
import type { TaskContext } from '../sidecar/handler.ts'
import { createLedger } from '../sidecar/ledger.ts'
import { createSidecarServer } from '../sidecar/server.ts'
import { signalled, untilKilled } from './inert.ts'
import { envOf, type Runtime } from './types.ts'
import { errorText } from '../../../errors/error-text.ts'

/**
 * The sidecar, with the proxy in front of it, on the pod's `api` port. Its readiness does not survive a restart: the
 * start gate is closed until the next mark-ready.
 */
export const seiSidecar: Runtime = ({ sandbox, container, log }) => {
  const chainId = envOf(container, 'SEI_CHAIN_ID') ?? ''
  const context: TaskContext = {
    clock: sandbox.clock,
    era: sandbox.era,
    keyring: envOf(container, 'SEI_KEYRING_BACKEND') !== undefined,
    seid: {
      up: sandbox.seidUp,
      wall: sandbox.clock.wall,
      signal: (signal) => sandbox.seidProcess.current?.kill(signal),
      port: (published) => sandbox.ports.of(sandbox.owner, published),
    },
    files: sandbox.files,
    artifacts: sandbox.bucket.chain(envOf(container, 'SEI_GENESIS_BUCKET') ?? '', chainId),
    gate: sandbox.gate,
    chainId,
    ceremonyFails: sandbox.faults.ceremonyFails,
    now: () => sandbox.clock.now(),
  }
  sandbox.gate.set(false)
  const ledger = createLedger(context, log)
  const server = createSidecarServer({ context, ledger, authorize: sandbox.authorize })
  const close = (): void => {
    ledger.stop()
    server.close()
    server.closeAllConnections()
    sandbox.gate.set(false)
  }
  const run = untilKilled((signal) => {
    close()
    return signal === 'SIGTERM' ? 0 : signalled.SIGKILL
  })
  listenAs(server, sandbox.ports, sandbox.owner, ports.api).then(
    (port) => log(`seictl serve: listening on 127.0.0.1:${port} for ${ports.api}`),
    (error: unknown) => {
      log(`seictl serve: ${errorText(error)}`)
      close()
      run.exit(1)
    },
  )
  return run
}
