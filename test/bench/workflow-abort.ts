import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import { pods, workflows, type Place } from '../../src/contract/kinds.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import { workflowSelector } from '../../src/contract/scenario-names.ts'
import type { Pod } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { renderScenario } from '../../src/scenario/render/render-scenario.ts'
import { runScenario } from '../../src/scenario/run/run-scenario.ts'
import { percentile, type Benchmark } from './benchmark.ts'

const trials = 24
/** Workflows at once of either kind. */
const atOnce = 3
const pollMs = 5_000

/** How soon after a step's process has failed its Workflow carries the abort annotation: by watch, and by a poller beside it. */
export const workflowAbort: Benchmark = {
  name: 'workflow-abort',
  async run({ note }) {
    note(`  ${trials} failing steps, and as many beside a poller of ${pollMs / 1_000} s`)
    const folder = await mkdtemp(join(tmpdir(), 'sei-abort-'))
    const cluster = await startEmbedded({})
    try {
      const lags = { watch: [] as number[], poll: [] as number[] }
      for (let first = 0; first < trials; first += atOnce) {
        const numbers = Array.from({ length: Math.min(atOnce, trials - first) }, (_, index) => first + index)
        const work = numbers.flatMap((number) => [
          trial(cluster, folder, `watch-${number}`, byWatch).then((lag) => lags.watch.push(lag)),
          trial(cluster, folder, `poll-${number}`, byPoll).then((lag) => lags.poll.push(lag)),
        ])
        await Promise.all(work)
      }
      return figures(lags)
    } finally {
      await cluster.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function figures({
  watch,
  poll,
}: Readonly<Record<'watch' | 'poll', readonly number[]>>): ReturnType<Benchmark['run']> {
  const at = (share: number) => ({ watch: percentile(watch, share), poll: percentile(poll, share) })
  const [p50, p95] = [at(50), at(95)]
  return Promise.resolve([
    { name: 'failed step to abort, p50', value: p50.watch, unit: 'ms', goal: 300 },
    { name: 'failed step to abort, p95', value: p95.watch, unit: 'ms', goal: 1_000 },
    { name: 'the same by a 5 s poller, p50', value: p50.poll, unit: 'ms', goal: null },
    { name: 'the same by a 5 s poller, p95', value: p95.poll, unit: 'ms', goal: null },
    { name: 'watch to poller, p50', value: p50.watch / p50.poll, unit: 'ratio', goal: null },
    { name: 'watch to poller, p95', value: p95.watch / p95.poll, unit: 'ratio', goal: null },
  ])
}

/** Resolves to what the failing step has said: when it ended, ms since 1970. */
type Runner = (cluster: Cluster, workflow: ReturnType<typeof render>, folder: string) => Promise<string>

/** Ms from the end of the step's process, by its own clock, to the annotation as a third party sees it. */
async function trial(cluster: Cluster, folder: string, name: string, run: Runner): Promise<number> {
  const rendered = render(name)
  const { namespace } = cluster
  const watch = cluster.kube.watch<Workflow>(workflows, { namespace })
  try {
    const aborted = watch.waitFor((items) => {
      const own = items.find(({ metadata }) => metadata.name === rendered.workflow.metadata.name)
      return own?.metadata.annotations?.[chaosMeshKeys.abort] === 'true' ? Date.now() : undefined
    })
    const [at, said] = await Promise.all([aborted, run(cluster, rendered, join(folder, name))])
    if (!/^\d{13}$/.test(said.trim())) throw new Error(`the step did not say when it ended: ${said}`)
    return at - Number(said)
  } finally {
    watch.close()
  }
}

function render(name: string): ReturnType<typeof renderScenario> {
  const waits = (0.2 + Math.random()).toFixed(2)
  const task = (step: string, script: string): string => `
    - name: ${step}
      templateType: Task
      deadline: 10m
      task: { container: { name: main, image: busybox, command: [sh, -c, '${script}'] } }`
  const text = `
apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata: { name: abort, labels: { sei.io/scenario: abort } }
spec:
  entry: entry
  templates:
    - { name: entry, templateType: Serial, deadline: 60m, children: [fails, next] }
${task('fails', `sleep ${waits}; date +%s%3N; exit 1`)}
${task('next', 'sleep 60')}
`
  const origin = { scenario: 'abort', repo: '.', path: 'abort.yaml', sha256: '' }
  return renderScenario({ origin, text, files: new Map() }, { runId: name, vars: {}, guard: false })
}

const byWatch: Runner = async (cluster, rendered, folder) => {
  const origin = { scenario: 'abort', repo: '.', path: 'abort.yaml', sha256: '' }
  const { verdict } = await runScenario({ cluster, rendered, origin, folder })
  return verdict.first?.lastLines.join('\n') ?? verdict.summary
}

/** What a shell script does: list the pods now and then, and annotate when one has failed. */
const byPoll: Runner = async ({ kube, namespace }, { workflow }) => {
  const { name } = workflow.metadata
  await kube.create(workflows, { ...workflow, metadata: { ...workflow.metadata, namespace } })
  await sleep(Math.random() * pollMs)
  for (;;) {
    const { items } = await kube.list<Pod>(pods, {
      namespace,
      labelSelector: workflowSelector(name),
    })
    const failed = items.find(({ status }) => status?.phase === 'Failed')
    if (failed !== undefined) return await abort(kube, { namespace, name }, failed)
    await sleep(pollMs)
  }
}

async function abort(kube: KubeClient, { namespace, name }: Place, failed: Pod): Promise<string> {
  const body = { metadata: { annotations: { [chaosMeshKeys.abort]: 'true' } } }
  await kube.patch(workflows, { namespace, name }, body, { type: 'merge' })
  const said = await kube.logs({ namespace, name: failed.metadata.name })
  await kube.delete(workflows, { namespace, name }, { propagationPolicy: 'Background' })
  return said
}
