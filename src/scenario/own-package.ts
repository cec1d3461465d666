import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'

/** Folder of this package, from its sources as from what was built of them; undefined for a program that was taken out of it. */
export function ownPackageFolder(): string | undefined {
  const manifest = findPackageJSON(import.meta.url)
  return manifest === undefined ? undefined : dirname(manifest)
}

/**
 * Folders that stand for `/` of our image where no image is, the one to look in first: `SEITASK_ROOT`, then this package's own,
 * which has the image's `templates` and `scenarios` itself.
 */
export function imageRoots(env: Readonly<Record<string, string | undefined>>): string[] {
  return [env['SEITASK_ROOT'] ?? '', ownPackageFolder() ?? ''].filter((root) => root !== '')
}

/** Of this package, as its package.json says. */
export function ownVersion(): string | undefined {
  const manifest = findPackageJSON(import.meta.url)
  if (manifest === undefined) return undefined
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version
}
