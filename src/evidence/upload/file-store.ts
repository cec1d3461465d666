import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSeiError } from '../../errors/guards.ts'
import { hashFile, sha256 } from '../manifest.ts'
import type { BucketStore, BucketTarget, Condition, PutOptions, StoredObject } from './bucket-store.ts'
import { uploadFailed } from './upload-errors.ts'

/** Below the folder: what is being written, and locks. Renamed or linked from there, so that a key that is there is whole. */
const incoming = '.incoming'
/** A lock is held for a hash and a rename; one this old belongs to a process that died. */
const staleLockMs = 60_000

/** A folder with the same conditions on writes as S3, also among processes; made if need be. An etag is the content's hash. */
export function createFileStore(folder: string, target: BucketTarget): BucketStore {
  const root = resolve(folder)
  const pathOf = (key: string): string => join(root, ...key.split('/'))
  const guarded = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw isSeiError(error) ? error : uploadFailed(what, isDenied(error) ? 'denied' : 'refused', error)
    }
  }
  const place = (key: string, fill: (path: string) => Promise<void>, options: PutOptions) =>
    guarded(`${pathOf(key)} cannot be written`, async () => {
      options.signal.throwIfAborted()
      const part = join(root, incoming, randomUUID())
      await Promise.all([part, pathOf(key)].map((path) => mkdir(dirname(path), { recursive: true })))
      try {
        await fill(part)
        return await settle(part, pathOf(key), lockOf(root, key), options)
      } finally {
        await rm(part, { force: true })
      }
    })
  return {
    target,
    url: pathOf,
    head: (key) => guarded(`${pathOf(key)} cannot be read`, () => stored(pathOf(key))),
    read: (key) =>
      guarded(`${pathOf(key)} cannot be read`, async () => {
        const text = await readFile(pathOf(key), 'utf8').catch(unlessMissing)
        return text === undefined ? undefined : { text, etag: sha256(text) }
      }),
    write: (key, text, options) => place(key, (path) => writeFile(path, text), options),
    put: (key, file, options) => place(key, (path) => copyFile(file.path, path), options),
    remove: (key) => guarded(`${pathOf(key)} cannot be removed`, () => rm(pathOf(key), { force: true })),
    close: () => {},
  }
}

async function settle(
  part: string,
  path: string,
  lock: string,
  { condition, signal }: PutOptions,
): Promise<string | undefined> {
  const etag = (await hashFile(part)).sha256
  if (condition === undefined) await rename(part, path)
  else if (!(await settleIf(condition, part, path, lock, signal))) return undefined
  return etag
}

async function settleIf(
  condition: Condition,
  part: string,
  path: string,
  lock: string,
  signal: AbortSignal,
): Promise<boolean> {
  if ('absent' in condition)
    return await link(part, path).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      },
    )
  await take(lock, signal)
  try {
    if ((await stored(path))?.etag !== condition.etag) return false
    await rename(part, path)
    return true
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

function lockOf(root: string, key: string): string {
  return join(root, incoming, `${sha256(key).slice(0, 16)}.lock`)
}

async function take(lock: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const taken = await mkdir(lock).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      },
    )
    if (taken) return
    const since = (await stat(lock).catch(unlessMissing))?.mtimeMs ?? Date.now()
    if (Date.now() - since > staleLockMs) await rm(lock, { recursive: true, force: true })
    await sleep(20, undefined, { signal })
  }
}

async function stored(path: string): Promise<StoredObject | undefined> {
  const found = await hashFile(path).catch(unlessMissing)
  return found === undefined ? undefined : { etag: found.sha256, sha256: found.sha256 }
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
