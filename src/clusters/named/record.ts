import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { ClockKind, ImageCommands } from '../../contract/embedded.ts'
import { isRunning, type ProcessIdentity } from './process-identity.ts'

export type Env = Readonly<Record<string, string | undefined>>

export const namedModes = ['embedded', 'envtest'] as const
export type NamedMode = (typeof namedModes)[number]

/** What is written down of a named cluster, so that other processes find it. */
export interface ClusterRecord {
  readonly name: string
  readonly mode: NamedMode
  readonly state: 'starting' | 'ready' | 'lost'
  /** The process that keeps it. */
  readonly keeper: ProcessIdentity
  /** The process of the cluster itself, once it is ready. */
  readonly cluster?: ProcessIdentity | undefined
  readonly kubeconfigPath?: string | undefined
  readonly server?: string | undefined
  /** Simulated milliseconds per real one. */
  readonly rate: number
  /** Real milliseconds between blocks. */
  readonly blockMs: number
  readonly clock?: ClockKind | undefined
  /** Door of its virtual clock, once it is ready. */
  readonly clockUrl?: string | undefined
  /** Era of its definitions, or the folder they came from. @default head */
  readonly definitions?: string | undefined
  /** What further images stand for on this machine. */
  readonly images?: ImageCommands | undefined
  /** Whether the stand-ins for Chaos Mesh run on it. @default true */
  readonly chaosMesh?: boolean | undefined
  /** ISO 8601. */
  readonly startedAt: string
  /** When it ends by itself, ISO 8601. */
  readonly endsAt: string
  /** What became of it, where it went away on its own. */
  readonly why?: string | undefined
}

/** `gone`: what is written down is there, the processes are not. */
export type NamedState = 'starting' | 'ready' | 'gone'

/**
 * Folder that holds a folder for each named cluster: `vitest-environment-sei/clusters` below XDG_STATE_HOME, else below
 * `~/.local/state`. A relative XDG_STATE_HOME counts as unset, as its specification asks.
 */
export function clustersFolder(env: Env): string {
  const named = env['XDG_STATE_HOME'] ?? ''
  const base = isAbsolute(named) ? named : join(env['HOME'] ?? homedir(), '.local', 'state')
  return join(base, 'vitest-environment-sei', 'clusters')
}

export function clusterFolder(env: Env, name: string): string {
  return join(clustersFolder(env), name)
}

/** Folder of its data and kubeconfig; the same for the next cluster of that name. */
export function dataFolder(folder: string): string {
  return join(folder, 'data')
}

/** What the keeper prints, and why it ended. */
export function logPath(folder: string): string {
  return join(folder, 'log')
}

export async function makeClusterFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Whole or not at all: a reader never sees half of it. */
export async function writeRecord(folder: string, record: ClusterRecord): Promise<void> {
  const path = join(folder, recordFile)
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}

/** Undefined when there is none that can be read. */
export async function readRecord(folder: string): Promise<ClusterRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, recordFile), 'utf8')) as ClusterRecord
  } catch {
    return undefined
  }
}

/** Of every named cluster, by name. */
export async function readRecords(env: Env): Promise<ClusterRecord[]> {
  const folder = clustersFolder(env)
  const names = await readdir(folder).catch(() => [])
  const records = await Promise.all(names.toSorted().map((name) => readRecord(join(folder, name))))
  return records.filter((record) => record !== undefined)
}

export async function stateOf(record: ClusterRecord): Promise<NamedState> {
  if (record.state === 'lost' || !(await isRunning(record.keeper))) return 'gone'
  if (record.cluster !== undefined && !(await isRunning(record.cluster))) return 'gone'
  return record.state
}

const recordFile = 'cluster.json'
