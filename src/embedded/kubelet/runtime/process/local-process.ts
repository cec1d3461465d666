import { spawn, type ChildProcess } from 'node:child_process'
import { StringDecoder } from 'node:string_decoder'
import { constants } from 'node:os'
import type { ContainerExit, ContainerRun } from '../types.ts'
import type { Guardian } from './guardian.ts'

export interface LocalCommand {
  /** The first one is the path of a program. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly log: (line: string) => void
  readonly guardian: Guardian
}

/**
 * Waits for the word that the guardian knows of it, so that nothing ever runs unguarded, then becomes the program. Both of its
 * outputs are one pipe: their order is that of the writes.
 */
const script = 'read -r go <&3 && exec 3<&- && exec "$@" 2>&1'

/** Real ms in which output that is still on its way is waited for after the exit. */
const drainMs = 1_000
/** Of a container whose program cannot be started. */
const startError = 128

/** Starts a program as the leader of a process group of its own; what is left of the group ends with it. */
export function startLocalProcess({ words, env, cwd, log, guardian }: LocalCommand): ContainerRun {
  const { promise, resolve } = Promise.withResolvers<ContainerExit>()
  const refused = ({ message }: Error): void =>
    resolve({ exitCode: startError, reason: 'StartError', message })
  const child = spawned(words, env, cwd)
  if (child instanceof Error) refused(child)
  else child.once('error', refused)
  if (child instanceof Error || child.pid === undefined) return { exited: promise, kill: () => undefined }
  const { pid } = child
  guardian.add(pid)
  const gate = child.stdio[3]
  // A program that ends before it reads breaks the pipe.
  gate?.on('error', () => undefined)
  if (gate !== null && gate !== undefined && 'end' in gate) gate.end('go\n')
  const lines = splitLines(log)
  child.stdout?.on('data', lines.write)
  child.stderr?.on('data', lines.write)
  const closed = new Promise<void>((done) => child.once('close', () => done()))
  child.once('exit', (code, signal) => {
    killGroup(pid, 'SIGKILL')
    const late = setTimeout(over, drainMs)
    void closed.then(over)
    let ended = false
    function over(): void {
      if (ended) return
      ended = true
      clearTimeout(late)
      guardian.end(pid)
      lines.end()
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) })
    }
  })
  return {
    exited: promise,
    // A container's first process is told to end; nobody asks the others.
    kill: (signal) => (signal === 'SIGKILL' ? killGroup(pid, signal) : void child.kill(signal)),
  }
}

/** The system says at once of some things that they cannot be started, arguments that are too long among them. */
function spawned(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): ChildProcess | Error {
  const [names, odd] = byName(env)
  try {
    return spawn('/bin/sh', ['-c', script, 'sh', ...odd, ...words], {
      cwd,
      env: names,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** A shell may drop variables whose names it could not write itself: those are set behind it. */
function byName(env: Readonly<Record<string, string>>): [names: Record<string, string>, odd: string[]] {
  const isName = ([name]: [string, string]): boolean => /^[A-Za-z_]\w*$/.test(name)
  const all = Object.entries(env)
  const odd = all.filter((entry) => !isName(entry)).map(([name, value]) => `${name}=${value}`)
  return [Object.fromEntries(all.filter(isName)), odd.length === 0 ? [] : ['/usr/bin/env', ...odd]]
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing is left of the group.
  }
}

/** Characters of a line that is kept whole: as many as a log keeps. */
const longestLine = 10 * 1024 * 1024

/** Bytes to lines; what has no end of line yet is a line at the end. */
function splitLines(log: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const at = text.lastIndexOf('\n')
    if (at < 0) {
      rest += text
      if (rest.length > longestLine) flush()
      return
    }
    log(rest + text.slice(0, at))
    rest = text.slice(at + 1)
  }
  const flush = (): void => {
    if (rest !== '') log(rest)
    rest = ''
  }
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end())
      flush()
    },
  }
}
