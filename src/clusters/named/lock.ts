import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cancelledError, timeoutError } from '../../errors/sei-error.ts'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'
import { clustersFolder, type Env } from './record.ts'

export interface LockOptions {
  readonly env: Env
  readonly signal?: AbortSignal | undefined
  /** Longest wait for another process, ms. @default 180000: longer than a cluster takes to start and become ready */
  readonly timeoutMs?: number | undefined
}

const pollMs = 50

/**
 * Runs `work` while no other process does anything with the cluster of that name. The lock of a process that has ended
 * counts for nothing. Throws WAIT_TIMEOUT naming who holds it, RUN_CANCELLED on `signal`.
 */
export async function withLock<T>(name: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const folder = clustersFolder(options.env)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `.${name}.lock`)
  await take(path, name, options)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, name: string, { signal, timeoutMs = 180_000 }: LockOptions): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const by = performance.now() + timeoutMs
  await writeFile(draft, JSON.stringify(await identify(process.pid)), { mode: 0o600 })
  try {
    while (!(await linked(draft, path))) {
      const holder = await holderOf(path)
      if (holder !== undefined && !(await isRunning(holder))) await removeStale(path, draft, holder)
      else if (signal?.aborted === true) throw cancelledError(`waiting for cluster ${name} was cancelled`)
      else if (performance.now() > by) throw heldError(name, holder)
      else await delay(pollMs)
    }
  } finally {
    await rm(draft, { force: true })
  }
}

/** A link is made by one process only. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function holderOf(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}

/** Of several that see the same stale lock one moves it away; whoever moved a new one instead puts it back. */
async function removeStale(path: string, draft: string, stale: ProcessIdentity): Promise<void> {
  const moved = `${draft}.stale`
  try {
    await rename(path, moved)
  } catch {
    return
  }
  const found = await holderOf(moved)
  if (found?.pid !== stale.pid || found.born !== stale.born) await linked(moved, path)
  await rm(moved, { force: true })
}

function heldError(name: string, holder: ProcessIdentity | undefined): Error {
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  return timeoutError(`${who} is still busy with cluster ${name}`, {
    code: 'WAIT_TIMEOUT',
    hint: 'wait until it is done, or end it',
  })
}
