import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { MissingItem } from '../contract/seal.ts'

export const manifestName = 'manifest.json'

export interface ManifestFile {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** What a sealed folder holds, and what it lacks. */
export interface Manifest {
  readonly version: 1
  readonly networks: readonly string[]
  /** What had gone wrong when the evidence was kept. */
  readonly reason: string
  readonly sealedAt: string
  readonly files: readonly ManifestFile[]
  readonly missing: readonly MissingItem[]
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Every file below `folder` but its manifest, by path. */
export async function listFiles(folder: string): Promise<ManifestFile[]> {
  const paths = (await listPaths(folder)).filter((path) => path !== manifestName)
  const files: ManifestFile[] = []
  // One after the other: a folder of thousands would need as many open files.
  for (const path of paths) files.push({ path, ...(await hashFile(join(folder, path))) })
  return files
}

/** Of every file below `folder`, relative to it, with `/`, in order. */
export async function listPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Of a file of any size. */
export async function hashFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    bytes += chunk.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}
