import { chooseDefinitions } from '../clusters/definitions.ts'
import { atFolder } from '../clusters/image-commands.ts'
import { describeClock } from '../clusters/pace.ts'
import { endNamed, startNamed } from '../clusters/named-clusters.ts'
import { withLock } from '../clusters/named/lock.ts'
import { clusterFolder, readRecord, stateOf } from '../clusters/named/record.ts'
import type { ClusterRecord, NamedMode } from '../clusters/named/record.ts'
import type { ClockKind, ImageCommands } from '../contract/embedded.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Problem } from '../contract/problem.ts'
import { isCancelled } from '../errors/guards.ts'
import { usageError } from '../errors/sei-error.ts'
import { textOf, type CommandContext } from './command.ts'
import type { DevNetwork, DevNetworkSpec } from './dev-network.ts'
import { roughDuration } from './duration.ts'
import { interruption } from './interrupt.ts'
import { clockOf, imagesOf, nameArgument } from './named-options.ts'

interface Request extends DevNetworkSpec {
  readonly name: string
  readonly mode: NamedMode
  readonly rate: number
  readonly blockMs: number
  readonly clock: ClockKind | undefined
  readonly ttlMs: number
  readonly definitions: string | undefined
  readonly images: ImageCommands
  readonly chaosMesh: boolean
}

interface Raised {
  readonly record: ClusterRecord
  /** Whether it was started now. */
  readonly began: boolean
  readonly network: DevNetwork | undefined
}

/**
 * Brings a named cluster up in the background, and a network on it where one is asked for; what is up already is left as
 * it is. Cancelled, it undoes what it began. Throws BAD_INPUT when what is up is not what is asked for,
 * CLUSTER_UNAVAILABLE, RUN_CANCELLED, and for a network what its gates throw.
 */
export async function run(context: CommandContext): Promise<number> {
  const request = readRequest(context)
  const signal = interruption()
  const raised = await withLock(request.name, { env: process.env, signal }, () =>
    raise(request, signal, context),
  )
  report(raised, context)
  return exitCodes.passed
}

function readRequest({ options }: CommandContext): Request {
  const { embedded, envtest } = options
  if (embedded === true && envtest === true)
    throw usageError([
      {
        what: 'a cluster has one API server',
        where: '--embedded and --envtest',
        expected: 'one of the two',
        fix: 'leave one out',
      },
    ])
  return {
    name: String(options['name']),
    mode: envtest === true ? 'envtest' : 'embedded',
    validators: Number(options['validators']),
    followers: Number(options['followers']),
    rate: Number(options['rate']),
    blockMs: Number(options['block-ms']),
    ttlMs: Number(options['ttl']),
    clock: clockOf(options),
    definitions: textOf(options['definitions']),
    images: imagesOf(options),
    chaosMesh: options['no-chaos-mesh'] !== true,
  }
}

async function raise(request: Request, signal: AbortSignal, context: CommandContext): Promise<Raised> {
  const { name } = request
  const devNetwork = await networkPart(request)
  const found = await findUp(request, context)
  const record = found ?? (await startNamed({ ...request, env: process.env, signal }))
  const began = found === undefined
  try {
    return { record, began, network: await devNetwork?.(record, signal) }
  } catch (error) {
    if (began && (isCancelled(error) || signal.aborted)) await endNamed(process.env, name)
    else if (began) context.note(`cluster ${name} stays up, to look at: seitask status${nameArgument(name)}`)
    throw error
  }
}

type MakeNetwork = (record: ClusterRecord, signal: AbortSignal) => Promise<DevNetwork>

/** Checks the request before anything starts. Loaded only where a network is asked for. */
async function networkPart(request: Request): Promise<MakeNetwork | undefined> {
  if (request.validators === 0 && request.followers === 0) return undefined
  const { checkDevNetwork, ensureDevNetwork } = await import('./dev-network.ts')
  checkDevNetwork(request)
  return (record, signal) => ensureDevNetwork(record, request, signal)
}

/** The cluster, where it is up. What is left of one that is gone is removed. */
async function findUp(request: Request, { note }: CommandContext): Promise<ClusterRecord | undefined> {
  const { name } = request
  const record = await readRecord(clusterFolder(process.env, name))
  if (record === undefined || (await stateOf(record)) !== 'ready') {
    if (await endNamed(process.env, name)) note(`what was left of an earlier cluster ${name} is removed`)
    return undefined
  }
  const other = await difference(record, request)
  if (other === undefined) return record
  throw usageError([
    { ...other, fix: `seitask down${nameArgument(name)}, then up again; or give this one a name of its own` },
  ])
}

/** What cannot be changed of a cluster that is up. */
async function difference(
  { name, mode, clock = 'real', definitions: has = 'head', images = {}, chaosMesh = true }: ClusterRecord,
  request: Request,
): Promise<Omit<Problem, 'fix'> | undefined> {
  if (mode !== request.mode)
    return {
      what: `cluster ${name} is up in mode ${mode}`,
      where: `--${request.mode}`,
      expected: `--${mode}, or another --name`,
    }
  if (request.clock !== undefined && request.clock !== clock)
    return {
      what: `cluster ${name} is up with a ${clock} clock`,
      where: `--clock ${request.clock}`,
      expected: `--clock ${clock}, or another --name`,
    }
  if (chaosMesh && !request.chaosMesh)
    return {
      what: `cluster ${name} is up with the stand-ins for Chaos Mesh`,
      where: '--no-chaos-mesh',
      expected: 'to be left out, or another --name',
    }
  const asked = Object.entries(atFolder(request.images, process.cwd()))
  const missing = asked.find(([image, words]) => images[image]?.join(' ') !== words.join(' '))
  if (missing !== undefined)
    return {
      what: `cluster ${name} is up, and its image ${missing[0]} stands for something else`,
      where: '--image',
      expected: images[missing[0]]?.join(' ') ?? 'only images that it was started with',
    }
  if (request.definitions === undefined) return undefined
  const { era, definitions = era } = await chooseDefinitions(request.definitions)
  if (definitions === undefined || definitions === has) return undefined
  return {
    what: `cluster ${name} is up with the definitions of ${has}`,
    where: '--definitions',
    expected: `${has}, or another --name`,
  }
}

function report({ record, began, network }: Raised, { say, emit }: CommandContext): void {
  const {
    name,
    mode,
    state,
    rate,
    blockMs,
    clock,
    clockUrl,
    server,
    kubeconfigPath,
    keeper,
    startedAt,
    endsAt,
  } = record
  const chosen = nameArgument(name)
  const left = roughDuration(Date.parse(endsAt) - Date.now())
  say(
    `cluster ${name} is ${began ? '' : 'already '}up: ${mode}, simulated, ${describeClock({ rate, clockUrl })}, ends by itself in ${left}`,
  )
  if (network !== undefined) {
    const { validators, followers } = network
    say(`network ${network.name} is ready: ${validators.length} validators, ${followers.length} followers`)
    for (const node of [...validators, ...followers])
      say(`  ${[node.name, node.tendermintRpc, node.evmJsonRpc ?? ''].join('  ').trim()}`)
  }
  say(`use it: eval "$(seitask env${chosen})"; then vitest run, or kubectl`)
  say(`look at it: seitask status${chosen}; end it: seitask down${chosen}`)
  const told = {
    name,
    mode,
    state,
    rate,
    blockMs,
    clock,
    clockUrl,
    server,
    kubeconfigPath,
    startedAt,
    endsAt,
  }
  emit({ event: 'up', began, ...told, pid: keeper.pid, simulated: true, network })
}
