import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Redactor } from '../redact.ts'

const blockBytes = 4 * 1024 * 1024
/** What is looked at once more with the block behind it: longer than any secret that a rule or a run knows. */
const overlapBytes = 16 * 1024

/**
 * Takes secrets out of files that are about to leave the machine, in place, and says which held any. Whoever wrote them has
 * redacted them; this is for what was put there by others, or before a secret was known. Binary files are left alone.
 */
export async function takeLastLook(
  folder: string,
  paths: readonly string[],
  redactor: Redactor,
): Promise<string[]> {
  const changed: string[] = []
  for (const path of paths) if (await redactFile(join(folder, path), redactor)) changed.push(path)
  return changed
}

async function redactFile(path: string, redactor: Redactor): Promise<boolean> {
  if (await isBinary(path)) return false
  const part = `${path}.part`
  let changed = false
  const look = (text: string): string => {
    const out = redactor.text(text)
    if (out !== text) changed = true
    return out
  }
  try {
    // Byte for byte: latin1 gives back what was not touched, whatever its encoding.
    const source = createReadStream(path, { encoding: 'latin1', highWaterMark: blockBytes })
    await pipeline(redacted(source, look), createWriteStream(part, { encoding: 'latin1' }))
    if (changed) await rename(part, path)
    return changed
  } finally {
    await rm(part, { force: true })
  }
}

async function* redacted(
  blocks: AsyncIterable<string>,
  look: (text: string) => string,
): AsyncGenerator<Buffer> {
  let held = ''
  for await (const block of blocks) {
    const text = look(held + block)
    const end = Math.max(0, text.length - overlapBytes)
    held = text.slice(end)
    if (end > 0) yield Buffer.from(text.slice(0, end), 'latin1')
  }
  if (held !== '') yield Buffer.from(held, 'latin1')
}

async function isBinary(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8_192), 0, 8_192, 0)
    return buffer.subarray(0, bytesRead).includes(0)
  } finally {
    await file.close()
  }
}
