import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import { resolveSpec } from '../../src/contract/resolve-spec.ts'
import type { ResolvedSpec } from '../../src/contract/spec.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { Feed } from '../../src/run/feed.ts'
import { fileKey } from '../../src/run/file-specs.ts'
import { Outcomes } from '../../src/run/outcomes.ts'
import { newRunId } from '../../src/run/run-id.ts'
import { Supervisor } from '../../src/run/supervisor.ts'
import type { Benchmark } from './benchmark.ts'

/**
 * Requests that a whole run with the default spec sends to the API server, capture, deletion and sweep included, watches
 * apart: counted by the server, by the client's name in the User-Agent.
 */
export const apiCalls: Benchmark = {
  name: 'api-calls',
  async run() {
    const resolved = resolveSpec({})
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems))
    const { network, followers } = resolved.value
    const metrics = await metricsOfRun(resolved.value)
    const calls = countCalls(metrics, 'sei')
    if (calls === 0) throw new Error(`the server counted no call:\n${metrics}`)
    return [
      {
        name: 'API calls per node',
        value: calls / (network.validators + followers.count),
        unit: '',
        goal: 6,
      },
    ]
  },
}

/** A supervisor's run from its beginning to its receipt; resolves to what the server had counted just before it went. */
async function metricsOfRun(spec: ResolvedSpec): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sei-bench-run-'))
  const cluster = await startEmbedded()
  const outcomes = new Outcomes()
  const run = newRunId()
  let metrics = ''
  const counted = {
    ...cluster,
    close: async () => {
      metrics = await readMetrics(cluster.kube)
      await cluster.close()
    },
  }
  try {
    const supervisor = new Supervisor({
      run,
      root: folder,
      folder,
      mode: { mode: 'embedded', source: 'option' },
      options: {},
      feed: new Feed(run, (why) => outcomes.add('noVerdict', why)),
      outcomes,
      opening: { cluster: Promise.resolve(counted), cancel: () => {} },
      haltRun: () => {},
    })
    await provisionAndClose(supervisor, spec)
    if (outcomes.all.length > 0) throw new Error(`the run went wrong: ${JSON.stringify(outcomes.all)}`)
    return metrics
  } finally {
    await cluster.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function provisionAndClose(supervisor: Supervisor, spec: ResolvedSpec): Promise<void> {
  const file = { project: '', file: 'bench.test.ts' }
  await supervisor.beginRun(new Map([[fileKey(file.project, file.file), spec]]))
  const { id } = supervisor.lease(file)
  const answer = await supervisor.leaseAnswer(id, 30_000)
  await supervisor.close()
  if (answer.state !== 'ready') throw new Error(`the network did not get ready: ${JSON.stringify(answer)}`)
}

function readMetrics(kube: KubeClient): Promise<string> {
  return kube.request<string>('GET', '/metrics', { accept: 'text/plain' })
}

function countCalls(metrics: string, client: string): number {
  return metrics
    .split('\n')
    .map((line) => /^apiserver_request_total\{verb="(\w+)",.*client="(.*)"\} (\d+)$/.exec(line))
    .filter((match) => match?.[2] === client && match[1] !== 'WATCH')
    .reduce((sum, match) => sum + Number(match?.[3]), 0)
}
