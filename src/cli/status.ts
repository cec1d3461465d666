import { clusterFolder, logPath, readRecords, stateOf } from '../clusters/named/record.ts'
import type { ClusterRecord, NamedState } from '../clusters/named/record.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { toWire } from '../errors/wire.ts'
import type { CommandContext } from './command.ts'
import { roughDuration } from './duration.ts'
import { nameArgument } from './named-options.ts'
import type { NetworkReport } from './network-report.ts'

interface ClusterReport extends Pick<
  ClusterRecord,
  'name' | 'mode' | 'rate' | 'blockMs' | 'startedAt' | 'endsAt' | 'server' | 'kubeconfigPath'
> {
  readonly state: NamedState | 'not answering'
  readonly pid: number
  readonly simulated: true
  readonly ageMs: number
  /** Why it is not ready. */
  readonly why?: string | undefined
  readonly networks: readonly NetworkReport[]
}

/** Lists named clusters. Exits 2 when one that was asked for is not up; never because of one that was not. */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const { name } = options
  const records = await readRecords(process.env)
  const chosen = records.filter((record) => name === undefined || record.name === name)
  const clusters = await Promise.all(chosen.map(reportOf))
  if (clusters.length === 0) say(name === undefined ? 'no cluster is up' : `no cluster ${name} is up`)
  for (const cluster of clusters) for (const line of linesOf(cluster)) say(line)
  emit({ event: 'status', clusters })
  const up = clusters.length > 0 && clusters.every(({ state }) => state === 'ready')
  return name === undefined || up ? exitCodes.passed : exitCodes.noVerdict
}

async function reportOf(record: ClusterRecord): Promise<ClusterReport> {
  const { name, mode, rate, blockMs, startedAt, endsAt, server, kubeconfigPath, keeper, why } = record
  const known = { name, mode, rate, blockMs, startedAt, endsAt, server, kubeconfigPath, why }
  const ageMs = Date.now() - Date.parse(startedAt)
  const state = await stateOf(record)
  const report = { ...known, state, pid: keeper.pid, simulated: true, ageMs, networks: [] } as const
  if (state === 'gone') return { ...report, why: why ?? 'its process is no more' }
  if (state === 'starting' || kubeconfigPath === undefined) return report
  try {
    const { reportNetworks } = await import('./network-report.ts')
    return { ...report, networks: await reportNetworks(kubeconfigPath) }
  } catch (error) {
    return { ...report, state: 'not answering', why: toWire(error).message }
  }
}

function linesOf(cluster: ClusterReport): string[] {
  const { name, mode, state, pid, ageMs, rate, endsAt, kubeconfigPath, why, networks } = cluster
  const left = roughDuration(Date.parse(endsAt) - Date.now())
  const head = `${name}: ${state}, ${mode}, simulated, clock ×${rate}, process ${pid}, age ${roughDuration(ageMs)}`
  if (state === 'gone' || state === 'not answering')
    return [
      head,
      `  ${why}`,
      `  log: ${logPath(clusterFolder(process.env, name))}`,
      `  seitask up${nameArgument(name)} starts another, seitask down${nameArgument(name)} removes it`,
    ]
  return [
    `${head}, ends in ${left}`,
    ...(kubeconfigPath === undefined ? [] : [`  kubeconfig ${kubeconfigPath}`]),
    ...(networks.length === 0 ? ['  no networks'] : networks.flatMap(networkLines)),
  ]
}

function networkLines({ namespace, name, phase, nodes, run }: NetworkReport): string[] {
  const of = run === undefined ? '' : `, of run ${run}`
  const rows = nodes.map((node) => [
    node.name,
    node.role,
    node.phase,
    node.height === undefined ? (node.why ?? 'no height') : `height ${node.height}`,
    node.endpoints?.tendermintRpc ?? '',
    node.endpoints?.evmJsonRpc ?? '',
  ])
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return [
    `  network ${namespace}/${name}: ${phase}${of}`,
    ...rows.map((row) => `    ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd()),
  ]
}
