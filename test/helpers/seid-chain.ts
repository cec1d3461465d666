import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { createChainHub, type ChainHub } from '../../src/embedded/chain/hub.ts'
import { startSeid } from '../../src/embedded/chain/node.ts'
import { accountOfKey } from '../../src/embedded/chain/tx/sign.ts'
import type {
  ChainGenesis,
  GenesisAccount,
  GenesisValidator,
  NodeHome,
  SeidConfig,
  SeidProcess,
} from '../../src/embedded/chain/types.ts'
import { createClock, type Clock } from '../../src/embedded/clock.ts'

function validatorKey(index: number, power = 10): GenesisValidator {
  const key = createHash('sha256').update(`validator ${index}`).digest()
  const address = createHash('sha256').update(key).digest('hex').slice(0, 40).toUpperCase()
  const operator = accountOfKey(operatorKey(index))
  return { moniker: `val${index}`, address, pubKey: key.toString('base64'), power, operator }
}

/** Private key of the account that stakes for a validator. */
export function operatorKey(index: number): Uint8Array {
  return createHash('sha256').update(`operator ${index}`).digest()
}

/** What an operator has beside its stake. */
const operatorBalance = '1000000000usei'

export function nodeIdOf(index: number): string {
  return createHash('sha256').update(`node ${index}`).digest('hex').slice(0, 40)
}

export function genesisOf(
  powers: readonly number[],
  accounts: readonly GenesisAccount[] = [],
  overrides: Readonly<Record<string, unknown>> = {},
): ChainGenesis {
  const validators = powers.map((power, index) => validatorKey(index, power))
  return {
    chainId: 'sei-test-1',
    genesisTime: '2026-11-21T12:31:45.123456789Z',
    validators,
    accounts: [
      ...accounts,
      ...validators.map(({ operator = '' }) => ({ address: operator, balance: operatorBalance })),
    ],
    overrides: { 'gov.voting_params.voting_period': '60s', ...overrides },
  }
}

export interface RunningNode {
  readonly process: SeidProcess
  readonly config: SeidConfig
  readonly rpc: string
  readonly evm: string
  readonly evmWs: string
  readonly rest: string
  readonly log: readonly string[]
}

/** A whole chain in this process, its nodes on free loopback ports. */
export interface TestChain extends AsyncDisposable {
  readonly hub: ChainHub
  readonly clock: Clock
  readonly nodes: readonly RunningNode[]
  start(index: number, options?: NodeOptions): Promise<RunningNode>
}

export interface NodeOptions extends Partial<
  Pick<SeidConfig, 'config' | 'faults' | 'image' | 'mode' | 'persistentPeers'>
> {
  readonly home?: NodeHome
}

export interface ChainOptions {
  readonly powers: readonly number[]
  readonly accounts?: readonly GenesisAccount[]
  readonly overrides?: Readonly<Record<string, unknown>>
  readonly blockMs?: number
  readonly rate?: number
  /** Options of every node. */
  readonly node?: NodeOptions
}

/** Starts a node for every genesis validator. */
export async function startChain(options: ChainOptions): Promise<TestChain> {
  const clock = createClock(options.rate ?? 500)
  const hub = createChainHub(clock, { blockMs: options.blockMs ?? 10 })
  const genesis = genesisOf(options.powers, options.accounts, options.overrides)
  const nodes: RunningNode[] = []
  const start = async (index: number, extra: NodeOptions = {}): Promise<RunningNode> => {
    const node = await startNode({ clock, hub, genesis, index, extra: { ...options.node, ...extra } })
    nodes.push(node)
    return node
  }
  for (const index of options.powers.keys()) await start(index)
  return {
    hub,
    clock,
    nodes,
    start,
    [Symbol.asyncDispose]: async () => {
      for (const { process } of nodes) process.kill('SIGKILL')
      await Promise.all(nodes.map(({ process }) => process.exited))
      hub.close()
    },
  }
}

interface NodeStart {
  readonly clock: Clock
  readonly hub: ChainHub
  readonly genesis: ChainGenesis
  readonly index: number
  readonly extra: NodeOptions
}

async function startNode({ clock, hub, genesis, index, extra }: NodeStart): Promise<RunningNode> {
  const validator = genesis.validators[index]
  const [rpc = 0, evm = 0, evmWs = 0, rest = 0] = await freePorts(4)
  const config: SeidConfig = {
    moniker: `node${index}`,
    mode: extra.mode ?? (validator === undefined ? 'full' : 'validator'),
    home: extra.home ?? { nodeId: nodeIdOf(index), validator, height: 0 },
    genesis,
    persistentPeers:
      extra.persistentPeers ??
      genesis.validators.flatMap((_, peer) => (peer === index ? [] : [peerOf(peer)])),
    config: { 'tx_index.indexer': 'kv', ...extra.config },
    image: extra.image ?? 'sei/seid:dev',
    listen: { host: '127.0.0.1', rpc, evm, evmWs, rest },
    faults: extra.faults ?? {},
  }
  const log: string[] = []
  const process = startSeid({ clock, config, transport: hub, log: (line) => log.push(line) })
  const url = (port: number): string => `http://127.0.0.1:${port}`
  return {
    process,
    config,
    rpc: url(rpc),
    evm: url(evm),
    evmWs: `ws://127.0.0.1:${evmWs}`,
    rest: url(rest),
    log,
  }
}

export function peerOf(index: number): string {
  return `${nodeIdOf(index)}@node-${index}:26656`
}

/** Below the range that the system hands out for outgoing connections: those could take a port before its node does. */
const portRange = { from: 12_000, to: 32_000 }
const handedOut = new Set<number>()

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = portRange.from + Math.floor(Math.random() * (portRange.to - portRange.from))
    if (handedOut.has(port)) continue
    handedOut.add(port)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Repeats `look` until it answers something; refused connections count as nothing. */
export async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const seen = await look().catch(() => undefined)
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > deadline) throw new Error(`nothing within 10 s: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json()
}

export interface Status {
  readonly sync_info: {
    readonly latest_block_height: string
    readonly catching_up: boolean
    readonly latest_block_hash: string
  }
}

export async function statusOf(node: RunningNode): Promise<Status> {
  return (await getJson(`${node.rpc}/status`)) as Status
}

export async function heightOf(node: RunningNode): Promise<number> {
  return Number((await statusOf(node)).sync_info.latest_block_height)
}

/** Waits until the node's RPC shows at least `height`. */
export function reaches(node: RunningNode, height: number): Promise<number> {
  return eventually(async () => {
    const at = await heightOf(node)
    return at >= height ? at : undefined
  })
}

export async function evmCall(
  node: RunningNode,
  method: string,
  ...params: readonly unknown[]
): Promise<unknown> {
  const response = await fetch(node.evm, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return response.json()
}
