import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
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
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== manifestName)
    .sort()
  return await Promise.all(
    paths.map(async (path) => {
      const data = await readFile(join(folder, path))
      return { path, bytes: data.byteLength, sha256: sha256(data) }
    }),
  )
}
