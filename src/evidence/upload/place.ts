import type { BucketStore, Condition } from './bucket-store.ts'
import { isCurrent, type RunClaim } from './claim.ts'
import type { Patience } from './patience.ts'
import { uploadFailed, uploadFailureOf } from './upload-errors.ts'

/** A later snapshot of the same run has come: what is left of this one is not written. */
export class Superseded extends Error {}

export interface Placing {
  readonly store: BucketStore
  readonly claim: RunClaim
  readonly patience: Patience
  readonly signal: AbortSignal
}

interface Content {
  readonly key: string
  readonly sha256: string
  put(condition: Condition): Promise<string | undefined>
}

/** Writers of one run that write one key at once; each loses to at most a few others. */
const attempts = 20

/**
 * Puts one object, unless it is there already with the same content. What another writer of the run has put is replaced only
 * by what was looked at, and only while the claim is this snapshot's: so a late write of an older one cannot win.
 */
export async function place(placing: Placing, content: Content): Promise<'sent' | 'kept'> {
  const { store, patience, signal } = placing
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { found, denied } = await patience.with(() => look(store, content.key, signal))
    if (found?.sha256 === content.sha256) return 'kept'
    if (found !== undefined && !(await holds(placing))) throw new Superseded()
    const condition: Condition = found === undefined ? { absent: true } : { etag: found.etag }
    if ((await patience.with(() => content.put(condition))) !== undefined) return 'sent'
    if (denied !== undefined) throw denied
  }
  const why = new Error('others write it all the time')
  throw uploadFailed(`${store.url(content.key)} cannot be written`, 'refused', why)
}

interface Look {
  readonly found?: Awaited<ReturnType<BucketStore['head']>>
  readonly denied?: unknown
}

/** To an account that may not list the bucket, a key that is missing looks like one that may not be read. */
async function look(store: BucketStore, key: string, signal: AbortSignal): Promise<Look> {
  try {
    return { found: await store.head(key, signal) }
  } catch (error) {
    if (uploadFailureOf(error) === 'denied') return { denied: error }
    throw error
  }
}

/** An account that may only write cannot see a later claim, and by its writes has seen that it was the first. */
export async function holds({ store, claim, patience, signal }: Placing): Promise<boolean> {
  try {
    return await patience.with(() => isCurrent(store, claim, signal))
  } catch (error) {
    if (uploadFailureOf(error) === 'denied') return true
    throw error
  }
}
