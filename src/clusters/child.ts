import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type {
  ControlPlaneReady,
  ControlPlaneStart,
  EmbeddedReady,
  EmbeddedRefusal,
  EmbeddedStart,
} from '../contract/embedded.ts'
import { cancelledError, SeiError } from '../errors/sei-error.ts'
import { fromWire } from '../errors/wire.ts'

/** A child process that says in one line of JSON on stdout that it is ready, and ends with this process. */
export interface Child<R> {
  readonly ready: R
  /** Resolves when the process ended, for whatever reason, with a sentence that says how. */
  readonly ended: Promise<string>
  /** A message over the channel between the two. */
  tell(message: string): void
  /** SIGTERM, and SIGKILL when that is not enough. */
  stop(): Promise<void>
}

interface Program {
  /** What errors call it. */
  readonly name: string
  readonly entry: URL
  readonly flags: readonly string[]
  /** Longest wait for the ready line, in ms. */
  readonly readyMs: number
}

// Sources are started as they are, the build as it was built; there this module is in a folder beside the others'.
const extension: string = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

const embedded: Program = {
  name: 'the embedded cluster',
  entry: new URL(`../embedded/main.${extension}`, import.meta.url),
  // Room for young objects, in MB: requests make many, and a tenth of the processor time went into copying them.
  flags: ['--min-semi-space-size=16'],
  // A fraction of a second even on a busy machine.
  readyMs: 30_000,
}

const controlPlane: Program = {
  name: 'the API server',
  entry: new URL(`../clusters/control-plane/main.${extension}`, import.meta.url),
  flags: [],
  // Seconds; a machine that has something else to do takes many of them.
  readyMs: 90_000,
}

const stopMs = 3_000
const stderrKept = 4_000

/**
 * Throws CLUSTER_UNAVAILABLE with the end of its stderr when it does not come up, BAD_OPTIONS where it refuses what it was
 * given, RUN_CANCELLED on `signal`.
 */
export function spawnEmbedded(start: EmbeddedStart, signal?: AbortSignal): Promise<Child<EmbeddedReady>> {
  const { readyMs } = start.apiServer === undefined ? embedded : controlPlane
  return spawnChild({ ...embedded, readyMs }, start, signal)
}

/** etcd and kube-apiserver, in a process of their own that ends them. Throws as `spawnEmbedded` does. */
export function spawnControlPlane(
  start: ControlPlaneStart,
  signal?: AbortSignal,
): Promise<Child<ControlPlaneReady>> {
  return spawnChild(controlPlane, start, signal)
}

async function spawnChild<R>(program: Program, start: object, signal?: AbortSignal): Promise<Child<R>> {
  if (signal?.aborted === true) cancelled(program)
  // A group of its own: a Ctrl-C at the terminal must not take the cluster away before its evidence is kept. It ends
  // when the channel to this process closes, however this process ends.
  const child = spawn(
    process.execPath,
    [...program.flags, fileURLToPath(program.entry), JSON.stringify(start)],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true, env: environment() },
  )
  child.once('exit', () => endGroup(child))
  const ended = endOf(child, tailOf(child.stderr))
  const stop = (): Promise<void> => stopChild(child, ended)
  try {
    const ready = JSON.parse(await readyLine(program, child, ended, signal)) as R | EmbeddedRefusal
    if (isRefusal(ready)) throw fromWire(ready.refused)
    letGo(child)
    // A process that is gone takes no messages, and `ended` tells of it.
    return { ready, ended, tell: (message) => void child.send(message, () => undefined), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** NODE_OPTIONS are meant for the process they were given to: an inspector's port or a loader would break this one. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = process.env
  return env
}

/** Whatever the child started and could not end itself, because it was killed. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left of the group: as it should be.
  }
}

function isRefusal(answer: unknown): answer is EmbeddedRefusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

async function readyLine(
  program: Program,
  child: ChildProcess,
  ended: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), program.readyMs)
  try {
    return await Promise.race([
      firstLine(child.stdout),
      ended.then((how) => unavailable(program, how)),
      aborted(late.signal).then(() => unavailable(program, `it said nothing for ${program.readyMs} ms`)),
      ...(signal === undefined ? [] : [aborted(signal).then(() => cancelled(program))]),
    ])
  } finally {
    clearTimeout(timer)
  }
}

function firstLine(stream: Readable | null): Promise<string> {
  return new Promise((resolve) => {
    let output = ''
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      const end = output.indexOf('\n')
      if (end >= 0) resolve(output.slice(0, end))
    })
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function unavailable({ name }: Program, why: string): never {
  throw new SeiError(`${name} did not start: ${why}`, { class: 'infra', code: 'CLUSTER_UNAVAILABLE' })
}

function cancelled({ name }: Program): never {
  throw cancelledError(`the start of ${name} was cancelled`)
}

function endOf(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    child.once('close', (code, signal) => {
      const how = signal === null ? `it exited with ${code}` : `it was ended by ${signal}`
      const tail = stderr().trim()
      resolve(tail === '' ? how : `${how}; its last words:\n${tail}`)
    })
  })
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await ended
  clearTimeout(timer)
}

/** From here on the child does not keep this process alive; a script that forgets to close it can still end. */
function letGo(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}

function tailOf(stream: Readable | null): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-stderrKept)
  })
  return () => text
}
