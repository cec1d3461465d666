import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

// Sources are started as they are, the build as it was built; there this module is in a folder beside the command line's.
const extension: string = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** How `seitask` of this package is started, and the package's folder. */
export function ownCli(): { readonly command: readonly string[]; readonly root: string } {
  const entry = fileURLToPath(new URL(`../cli/main.${extension}`, import.meta.url))
  const manifest = findPackageJSON(import.meta.url)
  return { command: [process.execPath, entry], root: dirname(manifest ?? entry) }
}
