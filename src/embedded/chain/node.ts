import { createFilterStore } from './evm/filters.ts'
import type { EvmScope } from './evm/method.ts'
import { evmHttpMethods } from './evm/methods.ts'
import { evmHandler } from './evm/server.ts'
import { evmUpgrade } from './evm/websocket.ts'
import { orderedFailure, stopAt } from './halt/stop.ts'
import { restHandler } from './rest/server.ts'
import { createSeidNode, type SeidNodeState } from './seid-node.ts'
import { createSeidLog, type SeidLog } from './log.ts'
import { openListener, sendText, type Listener, type ListenerOptions } from './http.ts'
import { rpcHandler } from './rpc/server.ts'
import { rpcMethods } from './rpc/methods.ts'
import { rpcUpgrade } from './rpc/websocket.ts'
import { settingsOf, type NodeSettings } from './settings.ts'
import type { NodeHalt } from './upgrade/decide.ts'
import { binaryOf, type Binary } from './upgrade/handlers.ts'
import { logUpgrades } from './upgrade/log.ts'
import type { NodeView, SeidExit, SeidProcess, SeidStart } from './types.ts'
import { errorText } from '../../errors/error-text.ts'

/** Simulated milliseconds, as measured on a real node. */
const loadMs = 1_000
const initChainMs = 2_000
/** What each of REST, gRPC and gRPC-web waits after it has bound. */
const serverWaitMs = 5_000

const exits = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 } as const

/**
 * Starts one simulated seid: its RPC, EVM and REST listeners over the chain behind `start.transport`. Returns at once;
 * the listeners open in a node's own order, each when its real counterpart would. Writes `home.height`.
 */
export function startSeid(start: SeidStart): SeidProcess {
  const run = new SeidRun(start)
  run.boot()
  return { exited: run.exited, kill: (signal) => run.kill(signal) }
}

class SeidRun {
  readonly exited: Promise<SeidExit>
  readonly #start: SeidStart
  readonly #settings: NodeSettings
  readonly #log: SeidLog
  readonly #startHeight: number
  readonly #stop = new AbortController()
  readonly #listeners: Promise<Listener>[] = []
  readonly #exit: (exit: SeidExit) => void
  #node: SeidNodeState | undefined
  /** The signal handler is installed last in the boot; until then a signal ends the process its default way. */
  #handlesSignals = false
  readonly #binary: Binary
  #view: NodeView | undefined
  #halt: NodeHalt | undefined
  /** What a signal ends it with that it handles. */
  #exitCode = 0

  constructor(start: SeidStart) {
    this.#start = start
    this.#settings = settingsOf(start.config)
    this.#binary = binaryOf(start.config)
    this.#log = createSeidLog(start.config, start.clock, start.log)
    this.#startHeight = start.config.home.height
    const { promise, resolve } = Promise.withResolvers<SeidExit>()
    this.exited = promise
    this.#exit = resolve
  }

  boot(): void {
    this.#boot().catch((error: unknown) => {
      if (this.#stop.signal.aborted) return
      const text = errorText(error)
      this.#start.log(`error starting node: ${text}`)
      void this.#finish({ exitCode: 1 })
    })
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    const graceful = signal === 'SIGTERM' && this.#handlesSignals
    if (graceful) this.#log('info', 'cosmos/server', 'exiting...')
    void this.#finish(graceful ? { exitCode: this.#exitCode } : { exitCode: exits[signal], signal })
  }

  async #boot(): Promise<void> {
    const { clock, config } = this.#start
    const { freezeHeight } = this.#settings
    if (freezeHeight > 0 && config.home.height >= freezeHeight)
      throw new Error(`freeze-height ${freezeHeight} is not above the current height ${config.home.height}`)
    const fresh = config.home.height === 0
    await clock.sleep(fresh ? loadMs + initChainMs : loadMs, this.#stop.signal)
    const earlyMs = Date.parse(config.genesis.genesisTime) - clock.now().getTime()
    if (earlyMs > 0) {
      this.#log('info', 'tendermint/node', 'Genesis time is in the future. Sleeping until then...')
      await clock.sleep(earlyMs * clock.rate, this.#stop.signal)
    }
    const node = await this.#join()
    this.#log('info', 'tendermint/internal/consensus', handshakeDone, { appHeight: config.home.height })
    await this.#listen(config.listen.rpc, {
      onRequest: rpcHandler(node, rpcMethods),
      ...(this.#settings.websocket ? { onUpgrade: rpcUpgrade(node, rpcMethods) } : {}),
    })
    if (fresh) await this.#openEvm(node)
    else this.#openEvmAtFirstCommit(node)
    await this.#openRest(node)
    this.#handlesSignals = true
  }

  /** The app answers EVM calls once InitChain or a commit has run in this process. */
  async #openEvm(node: SeidNodeState): Promise<void> {
    const { faults, listen } = this.#start.config
    if (faults.evmNeverBinds === true) return
    const scope: EvmScope = { node, filters: createFilterStore() }
    try {
      await this.#listen(listen.evm, { onRequest: evmHandler(scope, evmHttpMethods) })
      await this.#listen(listen.evmWs, {
        onRequest: (_request, response) => sendText(response, 400, 'Bad Request\n'),
        onUpgrade: evmUpgrade(scope),
      })
    } catch (error) {
      // A port that is taken is a Go panic there.
      this.#start.log(`panic: ${errorText(error)}`)
      void this.#finish({ exitCode: 2 })
    }
  }

  #openEvmAtFirstCommit(node: SeidNodeState): void {
    if (node.view.appHeight > this.#startHeight) {
      void this.#openEvm(node)
      return
    }
    const stop = node.onView((view) => {
      if (view.appHeight <= this.#startHeight) return
      stop()
      void this.#openEvm(node)
    })
  }

  /** REST, gRPC and gRPC-web each bind and wait; the signal handler comes after the last. */
  async #openRest(node: SeidNodeState): Promise<void> {
    const { clock, config } = this.#start
    const { rest } = config.listen
    if (rest !== undefined) await this.#listen(rest, { onRequest: restHandler(node) })
    const servers = [rest !== undefined, this.#settings.grpc, this.#settings.grpcWeb].filter(Boolean).length
    if (servers > 0) await clock.sleep(servers * serverWaitMs, this.#stop.signal)
  }

  async #join(): Promise<SeidNodeState> {
    const { clock, config, transport } = this.#start
    const { externalAddress, freezeHeight, peerExchange, snapshotInterval, stateSync } = this.#settings
    const limits = [config.faults.haltAtHeight, freezeHeight > 0 ? freezeHeight - 1 : undefined]
    const haltAtHeight = Math.min(...limits.filter((limit) => limit !== undefined))
    const first = Promise.withResolvers<NodeView>()
    const session = await transport.join(
      {
        nodeId: config.home.nodeId,
        genesis: config.genesis,
        mode: config.mode,
        validator: config.home.validator,
        persistentPeers: config.persistentPeers,
        height: config.home.height,
        storedHeight: config.home.storedHeight,
        base: config.home.base,
        stateSync,
        snapshotInterval,
        binary: this.#binary,
        failsAt: orderedFailure(config.faults),
        haltAtHeight: Number.isFinite(haltAtHeight) ? haltAtHeight : undefined,
        peerExchange,
        p2pAddress: externalAddress === '' ? undefined : externalAddress,
      },
      (view) => {
        first.resolve(view)
        this.#onView(view)
      },
    )
    if (this.#stop.signal.aborted) {
      session.leave()
      throw this.#stop.signal.reason
    }
    const view = await first.promise
    this.#node = createSeidNode(config, clock, session, this.#view ?? view)
    return this.#node
  }

  #onView(view: NodeView): void {
    if (this.#stop.signal.aborted) return
    const { home } = this.#start.config
    const before = this.#view
    const committed = view.appHeight > home.height
    home.height = view.appHeight
    if ((home.storedHeight ?? 0) <= home.height) delete home.storedHeight
    if (view.base > 1) home.base = view.base
    this.#view = view
    this.#node?.update(view)
    if (committed) this.#onCommit(view, before)
    if (view.halt !== undefined && this.#halt === undefined) this.#onHalt(view.halt)
  }

  #onCommit(view: NodeView, before: NodeView | undefined): void {
    const { height } = view
    if (before !== undefined) logUpgrades(this.#log, this.#binary, before, view)
    this.#log('info', 'tendermint/internal/state', 'committed state', { height })
    const { freezeHeight, haltHeight } = this.#settings
    if (freezeHeight === height + 1)
      this.#log('error', 'tendermint/internal/consensus', 'Consensus frozen before configured height', {
        height: freezeHeight,
      })
    const { exit } = this.#start.config.faults
    if (haltHeight > 0 && height >= haltHeight) this.#haltAsConfigured(height, exits.SIGINT)
    else if (exit?.code === 0 && height >= exit.height) this.#haltAsConfigured(height, 0)
    else if (exit !== undefined && height >= exit.height) void this.#finish({ exitCode: exit.code })
  }

  /** A block was decided that this node cannot execute. */
  #onHalt(halt: NodeHalt): void {
    const { clock, config, log } = this.#start
    this.#halt = halt
    if (halt.upgrade !== undefined || orderedFailure(config.faults)?.isStored === true)
      config.home.storedHeight = halt.block
    const during = this.#node === undefined ? 'handshake' : 'consensus'
    const { exitCode, intent } = stopAt({
      config,
      halt,
      during,
      log: this.#log,
      write: log,
      now: clock.now(),
    })
    if (intent !== undefined) this.#node?.announce(intent)
    this.#exitCode = intent?.reason ?? 0
    if (exitCode !== undefined) void this.#finish({ exitCode })
  }

  /** The node sends itself SIGINT: without its handler that ends it by the signal. */
  #haltAsConfigured(height: number, unhandled: number): void {
    this.#log('info', 'cosmos/baseapp', 'halting node per configuration', { height })
    void this.#finish({ exitCode: this.#handlesSignals ? 0 : unhandled })
  }

  async #listen(
    port: number | undefined,
    options: Pick<ListenerOptions, 'onRequest' | 'onUpgrade'>,
  ): Promise<void> {
    if (port === undefined || this.#stop.signal.aborted) return
    const { clock, config } = this.#start
    const listener = openListener({ ...options, wall: clock.wall, host: config.listen.host, port })
    this.#listeners.push(listener)
    await listener
  }

  async #finish(exit: SeidExit): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort(new Error('the node has exited'))
    this.#node?.session.leave()
    const opened = await Promise.allSettled(this.#listeners)
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)))
    this.#exit(exit)
  }
}

const handshakeDone = 'Completed ABCI Handshake - Tendermint and App are synced'
