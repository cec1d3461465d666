import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { PodVolume } from '../../../../contract/objects.ts'
import { notFound, type ConfigKind, type ConfigReader } from './config-reader.ts'
import { downwardValue, type DownwardSource, type PodFacts } from './pod-facts.ts'

/** What volumes are filled from. */
export interface VolumeSources {
  readonly facts: PodFacts
  readonly read: ConfigReader
  /** A new token of the pod's ServiceAccount. */
  readonly token: (audience?: string) => Promise<string>
  /** Folder of a claim's contents; undefined where the claim is not there. */
  readonly claim: (name: string) => Promise<string | undefined>
}

interface Files {
  readonly items?: readonly { readonly key: string; readonly path: string; readonly mode?: number }[]
  readonly optional?: boolean
  readonly name?: string
  readonly secretName?: string
}

interface DownwardFiles {
  readonly items?: readonly (DownwardSource & { readonly path: string; readonly mode?: number })[]
}

interface Projection {
  readonly configMap?: Files
  readonly secret?: Files
  readonly downwardAPI?: DownwardFiles
  readonly serviceAccountToken?: { readonly path: string; readonly audience?: string }
}

interface FurtherSources {
  readonly downwardAPI?: DownwardFiles & Modes
  readonly projected?: Modes & { readonly sources?: readonly Projection[] }
}

interface Modes {
  readonly defaultMode?: number
}

interface File {
  readonly path: string
  readonly content: string | Buffer
  readonly mode?: number | undefined
}

const usualMode = 0o644

/**
 * Makes the folder that a volume is here, and returns its path. Contents are those of now: a later change of a ConfigMap is not
 * followed. Throws with the kubelet's sentence where something is missing that is not optional, and for a kind of volume that
 * has no stand-in.
 */
export async function makeVolume(folder: string, volume: PodVolume, sources: VolumeSources): Promise<string> {
  const { configMap, secret, emptyDir, persistentVolumeClaim } = volume
  const { downwardAPI, projected } = volume as FurtherSources
  if (persistentVolumeClaim !== undefined) return claimed(persistentVolumeClaim.claimName, sources)
  const target = join(folder, volume.name)
  await mkdir(target, { recursive: true })
  if (emptyDir !== undefined) return target
  if (configMap !== undefined)
    await write(target, await configFiles('configmap', configMap, sources), configMap)
  else if (secret !== undefined) await write(target, await configFiles('secret', secret, sources), secret)
  else if (downwardAPI !== undefined) await write(target, downwardFiles(downwardAPI, sources), downwardAPI)
  else if (projected !== undefined)
    for (const part of projected.sources ?? [])
      await write(target, await projectedFiles(part, sources), projected)
  else throw new Error(`volumes of type ${kindOf(volume)} have no stand-in on a simulated node`)
  return target
}

async function claimed(name: string, { claim }: VolumeSources): Promise<string> {
  const found = await claim(name)
  if (found === undefined) throw new Error(`persistentvolumeclaim ${JSON.stringify(name)} not found`)
  return found
}

function kindOf({ name: _, ...source }: PodVolume): string {
  return Object.keys(source).join(', ')
}

async function projectedFiles(part: Projection, sources: VolumeSources): Promise<readonly File[]> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = part
  if (configMap !== undefined) return configFiles('configmap', configMap, sources)
  if (secret !== undefined) return configFiles('secret', secret, sources)
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI, sources)
  if (serviceAccountToken === undefined) return []
  const { path, audience } = serviceAccountToken
  return [{ path, content: await sources.token(audience), mode: 0o600 }]
}

async function configFiles(
  kind: ConfigKind,
  files: Files,
  { read }: VolumeSources,
): Promise<readonly File[]> {
  const { items, optional = false } = files
  const name = kind === 'secret' ? (files.secretName ?? files.name) : files.name
  const data = await read(kind, name ?? '')
  if (data === undefined) {
    if (optional) return []
    throw notFound(kind, name)
  }
  if (items === undefined) return Object.entries(data.bytes).map(([path, content]) => ({ path, content }))
  return items.flatMap(({ key, path, mode }) => {
    const content = data.bytes[key]
    if (content !== undefined) return [{ path, content, mode }]
    if (optional) return []
    throw new Error(
      kind === 'secret'
        ? `references non-existent secret key: ${key}`
        : `configmap references non-existent config key: ${key}`,
    )
  })
}

function downwardFiles({ items = [] }: DownwardFiles, { facts }: VolumeSources): readonly File[] {
  return items.map((item) => ({ path: item.path, content: downwardValue(facts, item), mode: item.mode }))
}

async function write(
  folder: string,
  files: readonly File[],
  { defaultMode = usualMode }: Modes,
): Promise<void> {
  for (const { path, content, mode = defaultMode } of files) {
    const target = join(folder, normalize(join('/', path)))
    await mkdir(dirname(target), { recursive: true })
    // One that is there already may be read-only, from a try before this one.
    await writeFile(target, content, { flag: 'w', mode: 0o600 }).catch(async () => {
      await chmod(target, 0o600)
      await writeFile(target, content)
    })
    // Without the right to read it the owner, who runs everything here, could not see it.
    await chmod(target, mode | 0o400)
  }
}
