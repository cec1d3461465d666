import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** Of this package, as its package.json says. */
export function ownVersion(): string | undefined {
  const manifest = findPackageJSON(import.meta.url)
  if (manifest === undefined) return undefined
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version
}
