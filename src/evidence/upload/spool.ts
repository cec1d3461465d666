import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlainObject } from '../../contract/checks.ts'
import type { BucketTarget, PieceMemory } from './bucket-store.ts'
import type { RunClaim } from './claim.ts'

/** In the folder of a report, and never uploaded: where it goes, how far it is. It holds no credentials. */
export const spoolName = 'upload.json'

interface SpoolObject {
  readonly version: 1
  readonly target: BucketTarget
  readonly claim: RunClaim
  /** Files that held a secret until they were prepared for upload. */
  readonly redacted: readonly string[]
  /** Unfinished uploads of large files by key. */
  readonly pieces: Readonly<Record<string, { readonly sha256: string; readonly uploadId: string }>>
  readonly completedAt?: string | undefined
}

/** Lets another process finish what this one began: written before the first request, kept current while it goes on. */
export class Spool {
  readonly #path: string
  #state: SpoolObject
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string, state: SpoolObject) {
    this.#path = path
    this.#state = state
  }

  /** What an earlier attempt left for the same claim on the same target goes on; anything else begins anew. */
  static async open(folder: string, target: BucketTarget, claim: RunClaim): Promise<Spool> {
    const found = await readSpool(folder)
    const same =
      found !== undefined && JSON.stringify([found.target, found.claim]) === JSON.stringify([target, claim])
    const pieces = same ? found.pieces : {}
    const redacted = found?.redacted ?? []
    const spool = new Spool(join(folder, spoolName), { version: 1, target, claim, redacted, pieces })
    await spool.#save()
    return spool
  }

  get redacted(): readonly string[] {
    return this.#state.redacted
  }

  async addRedacted(paths: readonly string[]): Promise<void> {
    const all = new Set([...this.#state.redacted, ...paths])
    this.#state = { ...this.#state, redacted: [...all].sort() }
    await this.#save()
  }

  async complete(): Promise<void> {
    this.#state = { ...this.#state, pieces: {}, completedAt: new Date().toISOString() }
    await this.#save()
  }

  piecesOf(key: string, sha256: string): PieceMemory {
    return {
      get: () => {
        const known = this.#state.pieces[key]
        return known?.sha256 === sha256 ? known.uploadId : undefined
      },
      set: async (uploadId) => {
        const { [key]: _, ...others } = this.#state.pieces
        const pieces = uploadId === undefined ? others : { ...others, [key]: { sha256, uploadId } }
        this.#state = { ...this.#state, pieces }
        await this.#save()
      },
    }
  }

  /** One after the other, each beside and then renamed: a process that is killed leaves a whole file. */
  #save(): Promise<void> {
    const text = `${JSON.stringify(this.#state, null, 2)}\n`
    const part = `${this.#path}.part`
    const save = async (): Promise<void> => {
      await writeFile(part, text)
      await rename(part, this.#path)
    }
    this.#written = this.#written.then(save, save)
    return this.#written
  }
}

/** What an earlier attempt left in a folder; undefined where there was none. */
export async function readSpool(folder: string): Promise<SpoolObject | undefined> {
  const text = await readFile(join(folder, spoolName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) && isPlainObject(value['claim'])
      ? (value as unknown as SpoolObject)
      : undefined
  } catch {
    return undefined
  }
}
