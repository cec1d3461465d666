import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MissingItem } from '../contract/seal.ts'
import type { Redactor } from './redact.ts'
import { errorText } from '../errors/error-text.ts'

/** One file of evidence: where it goes and how it is read. `undefined` means that there is nothing to keep. */
export interface Item {
  /** Relative to the folder, with `/`. */
  readonly path: string
  read(signal: AbortSignal): Promise<unknown>
}

export interface Gather {
  readonly folder: string
  readonly redactor: Redactor
  /** Ends everything that is still being read. */
  readonly signal: AbortSignal
  /** For each item, ms. */
  readonly itemMs: number
}

const parallel = 32

/** Reads and writes all items, each within its own deadline; gives those that could not be kept, and why. */
export async function gather(items: readonly Item[], options: Gather): Promise<MissingItem[]> {
  const missing: MissingItem[] = []
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      try {
        await keep(item, options)
      } catch (error) {
        const reason = errorText(error)
        missing.push({ item: item.path, reason: options.redactor.text(reason) })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker))
  return missing
}

async function keep(item: Item, { folder, redactor, signal, itemMs }: Gather): Promise<void> {
  const value = await within(item, signal, itemMs)
  if (value === undefined) return
  const text = typeof value === 'string' ? value : `${JSON.stringify(redactor.data(value), null, 2)}\n`
  const path = join(folder, item.path)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, redactor.text(text))
}

/** The read gets a signal, and is left behind if it does not heed it: no item may hold up the others. */
async function within(item: Item, signal: AbortSignal, itemMs: number): Promise<unknown> {
  const own = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const end = (why: string): void => {
    const error = new Error(why)
    own.abort(error)
    reject(error)
  }
  const onAbort = (): void => end(reasonOf(signal))
  const timer = setTimeout(() => end(`not read within ${itemMs} ms`), itemMs)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, item.read(own.signal)])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function reasonOf(signal: AbortSignal): string {
  const { reason } = signal
  return reason instanceof Error ? reason.message : 'the capture was stopped'
}
