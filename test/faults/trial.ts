import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { writeKubeconfig } from '../../src/kube/write-kubeconfig.ts'
import type { Schedule } from '../helpers/fault-schedule.ts'
import { startFaultyProxy, type Handled } from '../helpers/faulty-proxy.ts'
import { createProject, type RunResult, type TempProject } from '../helpers/project.ts'
import { observe, type Observer } from './observer.ts'
import type { MadeKind, Scenario } from './scenario.ts'

/** A run of a scenario through the proxy, and what is wrong with its end. */
export interface Trial {
  readonly result: RunResult
  readonly handled: readonly Handled[]
  /** Nothing, when the run ended as it would have without faults. */
  readonly wrong: readonly string[]
  readonly tookMs: number
}

export interface TrialOptions {
  readonly scenario: Scenario
  readonly schedule: Schedule
  readonly cluster: Cluster
  /** A node_modules folder that has this package. */
  readonly modules: string
}

export async function runTrial({ scenario, schedule, cluster, modules }: TrialOptions): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'sei-faults-'))
  const proxy = await startFaultyProxy(cluster.info, schedule)
  const observer = await observe(cluster.kube)
  const startedAt = performance.now()
  try {
    const KUBECONFIG = await writeKubeconfig(folder, proxy.info, 'faulty')
    await using project = await createProject(modules, await scenario.files())
    const result = await runIn(project, scenario, {
      KUBECONFIG,
      SEI_NODE_CLUSTER: '1',
      // Most of what a run costs is the loading of Vitest.
      NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled'),
    })
    const tookMs = performance.now() - startedAt
    return { result, handled: proxy.handled, tookMs, wrong: await judge(scenario, result, observer) }
  } finally {
    observer.close()
    await proxy.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function runIn(
  project: TempProject,
  { meanwhile }: Scenario,
  env: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const running = project.start(['run'], env)
  // A run that ends before its time says so in its output, which is judged.
  await meanwhile?.(running).catch(() => undefined)
  const { exitCode, all } = await running
  return { exitCode, output: all, ...(await project.lastRun()) }
}

async function judge(scenario: Scenario, result: RunResult, observer: Observer): Promise<string[]> {
  const { exitCode, output } = result
  const wrong: string[] = []
  if (exitCode !== scenario.exitCode) wrong.push(`exit code ${exitCode}, expected ${scenario.exitCode}`)
  for (const says of scenario.says) if (!says.test(output)) wrong.push(`the output does not say ${says}`)
  for (const left of await observer.left()) wrong.push(`left in the cluster: ${left}`)
  for (const kind of Object.keys(scenario.makes) as MadeKind[])
    wrong.push(...judgeMade(scenario, kind, observer))
  return [...wrong, ...judgeReceipt(scenario, result, observer)]
}

/** As many as expected, and none twice. */
function judgeMade({ makes }: Scenario, kind: MadeKind, observer: Observer): string[] {
  const names = observer.made(kind).map(({ name }) => name)
  if (names.length === makes[kind] && new Set(names).size === names.length) return []
  return [`${names.length} ${kind} were made, expected ${makes[kind]}: ${names.join(', ')}`]
}

function judgeReceipt(
  { exitCode, waivers: deletions = 0 }: Scenario,
  { receipt }: RunResult,
  observer: Observer,
): string[] {
  if (exitCode === 64) return receipt === undefined ? [] : ['a refused run has a receipt']
  if (receipt === undefined) return ['there is no receipt']
  const { left, unreadable, seals, waivers, existed, deleted } = receipt
  const wrong: string[] = []
  if (left.length > 0) wrong.push(`the receipt has left ${JSON.stringify(left)}`)
  if (unreadable.length > 0) wrong.push(`the receipt has unreadable ${JSON.stringify(unreadable)}`)
  if (waivers.length !== deletions) wrong.push(`the receipt has waivers ${JSON.stringify(waivers)}`)
  if (seals.length === 0) wrong.push('the receipt has no seal')
  for (const { missing } of seals)
    if (missing.length > 0) wrong.push(`evidence misses ${JSON.stringify(missing)}`)
  const uids = existed.map(({ uid }) => uid)
  if (new Set(uids).size !== uids.length) wrong.push('the receipt names something twice')
  if (deleted.length !== existed.length)
    wrong.push(`${existed.length} existed, ${deleted.length} were deleted`)
  for (const kind of ['SeiNetwork', 'SeiNode', 'Namespace'] as const)
    for (const { uid, name, byRun } of observer.made(kind))
      if (byRun && !uids.includes(uid)) wrong.push(`the receipt does not know ${kind} ${name}`)
  return wrong
}
