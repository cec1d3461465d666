import { servedListeners } from '../../../contract/endpoints.ts'
import { ports } from '../../../contract/ports.ts'
import type { SeidConfig, SeidProcess } from '../../chain/types.ts'
import { whileHeld } from '../../wall.ts'
import { nextChange } from '../changes.ts'
import { freePortFor } from '../ports.ts'
import { nextTickMs, simulatedNowMs } from '../simulated-time.ts'
import { signalled, untilKilled } from './inert.ts'
import { envOf, type Runtime, type Sandbox, type StartOptions } from './types.ts'
import { errorText } from '../../../errors/error-text.ts'

/** The container's shell looks at the sidecar's healthz this often before it executes seid. */
const gatePollMs = 5_000

/** The seid container: waits for the start gate, then runs a simulated `seid start` on what the sidecar wrote. */
export const seid: Runtime = (options) => {
  const { sandbox, log } = options
  const stop = new AbortController()
  let process: SeidProcess | undefined
  const run = untilKilled((signal) => {
    stop.abort()
    return signalled[signal]
  })
  const live = async (): Promise<void> => {
    log('waiting for sidecar to become ready...')
    await gateOpen(sandbox, stop.signal)
    log('sidecar ready, starting seid')
    if (sandbox.faults.crashLoops) {
      log('error creating node: ordered by fault crash-loops')
      run.exit(1)
      return
    }
    // What a real process takes to start would be held in the same way.
    const [config, { startSeid }] = await whileHeld(sandbox.clock.wall, () =>
      Promise.all([configOf(options), import('../../chain/node.ts')]),
    )
    if (stop.signal.aborted) return
    const started = startSeid({ clock: sandbox.clock, config, transport: sandbox.chain, log })
    process = started
    sandbox.seidProcess.current = started
    sandbox.seidUp.set(true)
    const { exitCode } = await started.exited
    sandbox.seidProcess.current = undefined
    sandbox.seidUp.set(false)
    run.exit(exitCode)
  }
  live().catch((error: unknown) => {
    if (stop.signal.aborted) return
    log(`error starting node: ${errorText(error)}`)
    run.exit(1)
  })
  return {
    exited: run.exited,
    kill: (signal) => (process === undefined ? run.kill(signal) : process.kill(signal)),
  }
}

/** Resolves at the first look, every 5 s since the container's start, that finds the gate open. */
async function gateOpen({ gate, clock }: Sandbox, signal: AbortSignal): Promise<void> {
  const startedMs = simulatedNowMs(clock)
  for (;;) {
    if (!gate.isOpen()) await nextChange(gate.onChange, signal)
    const now = simulatedNowMs(clock)
    await clock.sleep(nextTickMs(now, startedMs, gatePollMs) - now, signal)
    if (gate.isOpen()) return
  }
}

async function configOf({ sandbox, container }: StartOptions): Promise<SeidConfig> {
  const { files } = sandbox
  if (files.home === undefined) throw new Error('node_key.json: no such file or directory')
  if (files.genesis === undefined) throw new Error('genesis.json: no such file or directory')
  const serves = servedListeners(files.mode, files.overrides)
  const port = (published: number, served: boolean): Promise<number> | undefined =>
    served ? freePortFor(sandbox.ports, sandbox.owner, published) : undefined
  const [rpc, evm, evmWs, rest] = await Promise.all([
    port(ports.rpc, serves.rpc),
    port(ports.evmRpc, serves.evm),
    port(ports.evmWs, serves.evmWs),
    port(ports.rest, serves.rest),
  ])
  return {
    moniker: files.home.validator?.moniker ?? sandbox.pod.metadata.name,
    mode: files.mode,
    home: files.home,
    genesis: files.genesis,
    persistentPeers: files.persistentPeers,
    config: files.overrides,
    image: container.image,
    upgradeVersionList: envOf(container, 'UPGRADE_VERSION_LIST'),
    listen: { host: '127.0.0.1', rpc, evm, evmWs, rest },
    faults: sandbox.faults.seid,
  }
}
