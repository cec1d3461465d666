import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { configMaps } from '../../src/contract/kinds.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import { connect } from '../../src/kube/client.ts'
import { loadConnection } from '../../src/kube/kubeconfig.ts'
import type { KubeClient, Watch } from '../../src/kube/types.ts'
import { createProject, startNode } from '../helpers/project.ts'
import { median, percentile, type Bench, type Benchmark, type Figure } from './benchmark.ts'
import { firstSeiTest, timeToFirstTest } from './cold-start.ts'

const modes = ['embedded', 'envtest'] as const
type Mode = (typeof modes)[number]
type ByMode<T> = Readonly<Record<Mode, T>>

const starts = 5
const writes = 250
const warmUps = 30
const memorySamples = 10

/** Where the programs of the real API server are; the other variables of that kind choose modes. */
const { SEI_PARTS } = process.env
const parts = SEI_PARTS === undefined ? {} : { SEI_PARTS }

/**
 * The embedded cluster beside the real API server, in turns, so that both have the same machine: cold start to the first
 * test; an apply until a watch shows it, and the memory of all processes, both with 4 validators and 2 followers up.
 */
export const envtest: Benchmark = {
  name: 'envtest',
  async run(bench) {
    const state = await mkdtemp(join(tmpdir(), 'sei-bench-state-'))
    try {
      // First, since it tells what is missing.
      const standing = await measureStanding(bench, state)
      return [...(await measureStarts(bench)), ...standing]
    } finally {
      for (const mode of modes) await seitask(bench, state, ['down', '--name', mode])
      await rm(state, { recursive: true, force: true })
    }
  },
}

async function measureStarts({ packed }: Bench): Promise<readonly Figure[]> {
  await using project = await createProject(packed, firstSeiTest)
  const config = 'vitest.config.ts'
  const variables: ByMode<Record<string, string>> = {
    embedded: { SEI_EMBEDDED: '1' },
    envtest: { SEI_ENVTEST: '1', ...parts },
  }
  const found: ByMode<number[]> = { embedded: [], envtest: [] }
  for (const mode of modes) await timeToFirstTest(project, { config, mode: variables[mode] })
  for (let count = 0; count < starts; count += 1) {
    for (const mode of modes) {
      found[mode].push((await timeToFirstTest(project, { config, mode: variables[mode] })) / 1_000)
    }
  }
  return compared('cold start to first test', 's', (mode) => median(found[mode]))
}

async function measureStanding(bench: Bench, state: string): Promise<readonly Figure[]> {
  const size = ['--validators', '4', '--followers', '2']
  const up = (mode: Mode): Promise<Up> => upOf(bench, state, ['--name', mode, `--${mode}`, ...size])
  // The one that may be impossible first.
  const real = await up('envtest')
  const standing: ByMode<Up> = { embedded: await up('embedded'), envtest: real }
  const lags = await measureLags(standing)
  const memory: ByMode<number[]> = { embedded: [], envtest: [] }
  for (let count = 0; count < memorySamples; count += 1) {
    for (const mode of modes) memory[mode].push((await memoryBelow(standing[mode].pid)) / 2 ** 20)
    await delay(300)
  }
  return [
    ...compared('apply to watch event, p50', 'ms', (mode) => percentile(lags[mode], 50)),
    ...compared('apply to watch event, p95', 'ms', (mode) => percentile(lags[mode], 95)),
    ...compared('memory with 6 nodes', 'MiB', (mode) => median(memory[mode])),
  ]
}

function compared(name: string, unit: string, valueOf: (mode: Mode) => number): Figure[] {
  const ratio = { name: `${name}: embedded to envtest`, value: valueOf('embedded') / valueOf('envtest') }
  return [
    ...modes.map((mode) => ({ name: `${name}, ${mode}`, value: valueOf(mode), unit, goal: null })),
    { ...ratio, unit: '×', goal: null },
  ]
}

interface Up {
  readonly pid: number
  readonly kubeconfigPath: string
}

async function upOf(bench: Bench, state: string, args: readonly string[]): Promise<Up> {
  const { exitCode, stdout } = await seitask(bench, state, ['up', ...args, '--json'])
  const said = JSON.parse(stdout) as Up & { message?: string; hint?: string }
  if (exitCode !== 0) throw new Error([said.message, said.hint].filter(Boolean).join('; '))
  return said
}

function seitask({ packed }: Bench, state: string, args: readonly string[]): ReturnType<typeof startNode> {
  const bin = join(packed, 'vitest-environment-sei', 'dist', 'src', 'cli', 'main.js')
  return startNode(state, [bin, ...args], { XDG_STATE_HOME: state, ...parts })
}

/** Writes to both in turns; each waits for its event before the next. */
async function measureLags(standing: ByMode<Up>): Promise<ByMode<number[]>> {
  const [embedded, real] = await Promise.all(modes.map((mode) => openWriter(standing[mode])))
  if (embedded === undefined || real === undefined) throw new Error('two clusters, two writers')
  const writers: ByMode<Writer> = { embedded, envtest: real }
  const lags: ByMode<number[]> = { embedded: [], envtest: [] }
  try {
    for (let count = 0; count < warmUps + writes; count += 1) {
      for (const mode of modes) {
        const lag = await writers[mode].write(count)
        if (count >= warmUps) lags[mode].push(lag)
      }
    }
    return lags
  } finally {
    await Promise.all(modes.map((mode) => writers[mode].close()))
  }
}

interface Writer {
  /** Applies a value and resolves to the ms until a watch has shown it. */
  write(value: number): Promise<number>
  close(): Promise<void>
}

interface Counter extends KubeObject {
  readonly data: { readonly value: string }
}

async function openWriter({ kubeconfigPath }: Up): Promise<Writer> {
  const namespace = 'default'
  const kube: KubeClient = connect(await loadConnection({ kubeconfigPath, namespace, env: {} }))
  const watch: Watch<Counter> = kube.watch<Counter>(configMaps, { namespace })
  await watch.ready
  const metadata = { namespace, name: 'bench' }
  const write = async (value: number): Promise<number> => {
    const data = { value: String(value) }
    const object: Counter = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
    const startedAt = performance.now()
    const seen = new Promise<number>((resolve) => {
      const stop = watch.subscribe(({ object: found }) => {
        if (found.metadata.name !== metadata.name || found.data.value !== data.value) return
        resolve(performance.now() - startedAt)
        queueMicrotask(() => stop())
      })
    })
    await kube.apply<Counter>(configMaps, object, { fieldManager: 'bench' })
    return await seen
  }
  const close = async (): Promise<void> => {
    watch.close()
    await kube.close()
  }
  return { write, close }
}

/** Resident bytes of all processes below this one, which only keeps them. Pages that several share count for each. */
async function memoryBelow(pid: number): Promise<number> {
  const processes = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(statOf),
  )
  const below = (parent: number): number =>
    processes
      .filter((each) => each?.parent === parent)
      .reduce((sum, each) => sum + (each === undefined ? 0 : each.rssBytes + below(each.pid)), 0)
  const bytes = below(pid)
  if (bytes === 0) throw new Error(`process ${pid} has no processes below it`)
  return bytes
}

async function statOf(pid: string): Promise<{ pid: number; parent: number; rssBytes: number } | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return { pid: Number(pid), parent: field('PPid'), rssBytes: field('VmRSS') * 1_024 }
  } catch {
    // It has ended since the list was read.
    return undefined
  }
}
