import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MissingItem, Seal } from '../contract/seal.ts'
import { SeiError } from '../errors/sei-error.ts'
import { listFiles, manifestName, sha256, type Manifest } from './manifest.ts'
import { errorText } from '../errors/error-text.ts'

/**
 * Hashes everything in `folder` into its manifest and mints the seal. Written beside and renamed, so that a manifest that
 * exists is whole. Throws CAPTURE_FAILED when the folder cannot be read or written.
 */
export async function sealFolder(
  folder: string,
  facts: {
    readonly networks: readonly string[]
    readonly reason: string
    readonly missing: readonly MissingItem[]
  },
): Promise<Seal> {
  try {
    const sealedAt = new Date().toISOString()
    const files = await listFiles(folder)
    const manifest: Manifest = { version: 1, ...facts, sealedAt, files }
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    const path = join(folder, manifestName)
    await writeFile(`${path}.part`, text)
    await rename(`${path}.part`, path)
    return mint({
      kind: 'seal',
      folder,
      manifestSha256: sha256(text),
      sealedAt,
      items: files.length,
      missing: facts.missing,
    })
  } catch (cause) {
    throw captureFailed(folder, cause)
  }
}

/** The only place that makes a Seal: whoever holds one has had a folder sealed. */
function mint(facts: { readonly [K in Exclude<keyof Seal, symbol>]: Seal[K] }): Seal {
  return Object.freeze(facts) as Seal
}

/** Checks a sealed folder against its manifest; each difference is one sentence, none means intact. */
export async function verifySeal(folder: string, manifestSha256?: string): Promise<string[]> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) return [`${manifestName} is missing`]
  if (manifestSha256 !== undefined && sha256(text) !== manifestSha256) {
    return [`${manifestName} is not the one that was sealed`]
  }
  const manifest = parseManifest(text)
  if (manifest === undefined) return [`${manifestName} is not a manifest`]
  const present = new Map((await listFiles(folder)).map((file) => [file.path, file]))
  const changed = manifest.files.flatMap((file) => {
    const now = present.get(file.path)
    if (now === undefined) return [`${file.path} is missing`]
    return now.sha256 === file.sha256 ? [] : [`${file.path} was changed`]
  })
  const sealed = new Set(manifest.files.map(({ path }) => path))
  const added = [...present.keys()].filter((path) => !sealed.has(path)).map((path) => `${path} was added`)
  return [...changed, ...added]
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<Manifest>
    return Array.isArray(value.files) ? (value as Manifest) : undefined
  } catch {
    return undefined
  }
}

export function captureFailed(folder: string, cause: unknown): SeiError {
  const why = errorText(cause)
  return new SeiError(`evidence cannot be kept in ${folder}: ${why}`, {
    class: 'infra',
    code: 'CAPTURE_FAILED',
    hint: 'the run folder must be writable and have space',
    cause,
  })
}
