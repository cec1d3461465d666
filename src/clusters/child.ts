import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { EmbeddedReady, EmbeddedStart } from '../contract/embedded.ts'
import { cancelledError, SeiError } from '../errors/sei-error.ts'

/** The embedded cluster's process. */
export interface EmbeddedChild {
  readonly ready: EmbeddedReady
  /** Resolves when the process ended, for whatever reason, with a sentence that says how. */
  readonly ended: Promise<string>
  /** SIGTERM, and SIGKILL when that is not enough. */
  stop(): Promise<void>
}

/** Longest wait for the ready line, in ms: it takes a fraction of a second even on a busy machine. */
const readyMs = 30_000
const stopMs = 3_000
const stderrKept = 4_000

/** Room for young objects, in MB: requests make many, and a tenth of the processor time went into copying them. */
const flags: readonly string[] = ['--min-semi-space-size=16']

// Sources are started as they are, the build as it was built.
const entry: URL = new URL(
  `../embedded/main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
)

/**
 * Starts the process and waits for its ready line. Throws CLUSTER_UNAVAILABLE with the end of its stderr when it does not
 * come up, RUN_CANCELLED on `signal`.
 */
export async function spawnEmbedded(start: EmbeddedStart, signal?: AbortSignal): Promise<EmbeddedChild> {
  if (signal?.aborted === true) cancelled()
  // A group of its own: a Ctrl-C at the terminal must not take the cluster away before its evidence is kept. It ends
  // when the channel to this process closes, however this process ends.
  const child = spawn(process.execPath, [...flags, fileURLToPath(entry), JSON.stringify(start)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env: environment(),
  })
  const stderr = tailOf(child.stderr)
  const ended = endOf(child, stderr)
  const stop = (): Promise<void> => stopChild(child, ended)
  try {
    const ready = await readyLine(child, ended, signal)
    letGo(child)
    return { ready, ended, stop }
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

async function readyLine(
  child: ChildProcess,
  ended: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<EmbeddedReady> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), readyMs)
  try {
    const line = await Promise.race([
      firstLine(child.stdout),
      ended.then((how) => unavailable(how)),
      aborted(late.signal).then(() => unavailable(`it said nothing for ${readyMs} ms`)),
      ...(signal === undefined ? [] : [aborted(signal).then(() => cancelled())]),
    ])
    return JSON.parse(line) as EmbeddedReady
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

function unavailable(why: string): never {
  throw new SeiError(`the embedded cluster did not start: ${why}`, {
    class: 'infra',
    code: 'CLUSTER_UNAVAILABLE',
  })
}

function cancelled(): never {
  throw cancelledError('the start of the embedded cluster was cancelled')
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
