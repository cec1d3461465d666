import { spawn, type ChildProcess } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cancelledError, SeiError } from '../errors/sei-error.ts'
import { fromWire } from '../errors/wire.ts'
import type { KeeperAnswer, KeeperStart } from './named/keeper.ts'
import { signalProcess, waitEnded } from './named/process-identity.ts'
import { clusterFolder, logPath, makeClusterFolder, readRecord } from './named/record.ts'
import type { ClusterRecord, Env } from './named/record.ts'
import { chooseDefinitions } from './definitions.ts'
import { atFolder } from './image-commands.ts'
import { checkPace } from './pace.ts'

export interface NamedOptions extends Omit<KeeperStart, 'folder'> {
  readonly env: Env
  /** Cancels the start, which then leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
}

const extension: string = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const keeper: URL = new URL(`../clusters/named/main.${extension}`, import.meta.url)

/** How long an orderly end may take, then how long a killed one, in ms. */
const endMs = 15_000
const killMs = 5_000
const logShown = 2_000

/**
 * Starts a cluster in the background, under a name by which later commands find it. It belongs to no terminal and ends
 * with `endNamed` or when `ttlMs` are over. To be called under the name's lock, and where no cluster has the name.
 * Throws BAD_OPTIONS, CLUSTER_UNAVAILABLE with the reason, RUN_CANCELLED.
 */
export async function startNamed(options: NamedOptions): Promise<ClusterRecord> {
  const { env, signal, name, mode, ttlMs } = options
  if (signal?.aborted === true) throw cancelledError(`the start of cluster ${name} was cancelled`)
  const folder = clusterFolder(env, name)
  const { era, definitions = era } = await chooseDefinitions(options.definitions ?? env['SEI_DEFINITIONS'])
  const { clock, chaosMesh } = options
  const images = atFolder(options.images ?? {}, process.cwd())
  const start: KeeperStart = {
    name,
    mode,
    ttlMs,
    folder,
    clock,
    definitions,
    images,
    chaosMesh,
    ...checkPace(options),
  }
  await makeClusterFolder(folder)
  const child = await spawnKeeper(start, env)
  const cancel = (): void => void child.kill('SIGTERM')
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    await ready(child, folder)
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
    child.unref()
  }
  const record = await readRecord(folder)
  if (record === undefined) throw unavailable(name, 'it ended at once')
  return record
}

async function spawnKeeper(start: KeeperStart, env: Env): Promise<ChildProcess> {
  const log = await open(logPath(start.folder), 'a', 0o600)
  // Options for Node, an inspector's port among them, are meant for the process they were given to.
  const { NODE_OPTIONS: _, ...rest } = env
  try {
    return spawn(process.execPath, [fileURLToPath(keeper), JSON.stringify(start)], {
      cwd: dirname(start.folder),
      detached: true,
      env: rest,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    })
  } finally {
    await log.close()
  }
}

/** Throws what the keeper says went wrong, or how it ended without a word. */
async function ready(child: ChildProcess, folder: string): Promise<void> {
  const answer = await new Promise<KeeperAnswer | undefined>((resolve) => {
    child.once('message', (message) => resolve(message as KeeperAnswer))
    child.once('error', () => resolve(undefined))
    child.once('exit', () => resolve(undefined))
  })
  if (answer === undefined) {
    const said = await readFile(logPath(folder), 'utf8').catch(() => '')
    throw unavailable(folder, `it ended; its last words:\n${said.slice(-logShown)}`)
  }
  if ('error' in answer) {
    await ended(child)
    throw fromWire(answer.error)
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
}

function unavailable(name: string, why: string): SeiError {
  return new SeiError(`cluster ${name} did not start: ${why}`, {
    class: 'infra',
    code: 'CLUSTER_UNAVAILABLE',
  })
}

/**
 * Ends exactly the processes of a named cluster and removes its folder. To be called under the name's lock. Resolves to
 * whether there was one. Throws CLUSTER_UNAVAILABLE for a process that does not even end when it is killed.
 */
export async function endNamed(env: Env, name: string): Promise<boolean> {
  const folder = clusterFolder(env, name)
  const record = await readRecord(folder)
  if (record !== undefined) await endProcesses(record)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  return record !== undefined
}

/** The keeper ends what it started, and without it the rest ends by itself; what does not is killed. */
async function endProcesses({ name, keeper: first, cluster }: ClusterRecord): Promise<void> {
  await signalProcess(first, 'SIGTERM')
  const processes = cluster === undefined ? [first] : [first, cluster]
  for (const each of processes) {
    if (await waitEnded(each, each === first ? endMs : killMs)) continue
    await signalProcess(each, 'SIGKILL')
    if (await waitEnded(each, killMs)) continue
    throw new SeiError(`process ${each.pid} of cluster ${name} does not end`, {
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      hint: 'it may hang in the kernel; a restart of the machine ends it',
    })
  }
}
