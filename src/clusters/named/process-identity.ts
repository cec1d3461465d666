import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A process that cannot be taken for another one which got its pid later. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it began, as the system tells it; only good for comparing. */
  readonly born: string
}

const pollMs = 25

/** The process that has this pid now; undefined when none has, or one that has ended and is not yet reaped. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const born = process.platform === 'linux' ? await bornOnLinux(pid) : await bornByPs(pid)
  return born === undefined ? undefined : { pid, born }
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.born === identity.born
}

/** Sends a signal to exactly this process; to nobody when it has ended. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(identity))) return
  try {
    process.kill(identity.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Resolves to whether the process ended within `timeoutMs`. */
export async function waitEnded(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const by = performance.now() + timeoutMs
  while (await isRunning(identity)) {
    if (performance.now() > by) return false
    await delay(pollMs)
  }
  return true
}

/** Clock ticks since boot, and which boot: ticks alone come again. */
async function bornOnLinux(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The second field is the program's name in parentheses, which may hold anything; proc(5) counts from 1.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state = ''] = fields
    return 'ZX'.includes(state) ? undefined : `${boot.trim()} ${fields[22 - 3]}`
  } catch {
    return undefined
  }
}

async function bornByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    })
    const [, state = '', born] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? []
    return state.startsWith('Z') ? undefined : born
  } catch {
    return undefined
  }
}
