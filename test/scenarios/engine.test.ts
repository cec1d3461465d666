import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startTestCluster, type TestCluster } from '../helpers/embedded-cluster.ts'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import { decideOutcome, exitCodes } from '../../src/contract/exit-codes.ts'
import {
  clusterRoleBindings,
  clusterRoles,
  persistentVolumeClaims,
  pods,
  seiNetworks,
  seiNodes,
  serviceAccounts,
  workflowNodes,
  workflows,
} from '../../src/contract/kinds.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import { networkManifest } from '../../src/contract/manifests.ts'
import { callerClusterRights, callerRights, grant, type Right } from '../../src/contract/scenario-rights.ts'
import { connect } from '../../src/kube/client.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import { workflowSelector } from '../../src/contract/scenario-names.ts'
import type { KubeEvent, Pod } from '../../src/contract/objects.ts'
import type { ScenarioRun } from '../../src/contract/scenario.ts'
import { cancelledError } from '../../src/errors/sei-error.ts'
import { grantTaskRights } from '../../src/scenario/fingerprint/grant-task-rights.ts'
import { renderScenario } from '../../src/scenario/render/render-scenario.ts'
import type { ScenarioEvent } from '../../src/scenario/run/options.ts'
import { runScenario } from '../../src/scenario/run/run-scenario.ts'

let cluster: TestCluster
const namespace = 'default'

beforeAll(async () => {
  cluster = await startTestCluster()
  await grantTaskRights(cluster.kube, namespace)
})
afterAll(() => cluster.close())

interface Step {
  readonly name: string
  readonly run: string
  readonly deadline?: string
  readonly image?: string
  readonly finally?: true
}

interface Ran {
  readonly run: ScenarioRun
  readonly exitCode: number
  readonly folder: string
  /** Pods of each step that ever were, by the name of its template. */
  readonly pods: Readonly<Record<string, number>>
  readonly events: readonly ScenarioEvent[]
}

interface Ways {
  readonly kube?: KubeClient
  readonly guard?: boolean
  readonly signal?: AbortSignal
  readonly parallel?: boolean
  readonly onEvent?: (event: ScenarioEvent, workflow: string) => void
}

let count = 0

/** Runs steps that log little, so that branches follow them and no gates. */
async function run(
  steps: readonly Step[],
  { guard = true, signal, parallel = false, onEvent, kube = cluster.kube }: Ways = {},
): Promise<Ran> {
  count += 1
  const template = ({
    name,
    run: script,
    deadline = '10m',
    image = 'busybox',
    finally: last,
  }: Step): object => ({
    name,
    templateType: 'Task',
    deadline,
    annotations: { 'sei.io/log': 'small', ...(last === undefined ? {} : { 'sei.io/finally': 'true' }) },
    task: { container: { name: 'main', image, command: ['sh', '-c', script] } },
  })
  const names = steps.map(({ name }) => name)
  const text = JSON.stringify({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'case' },
    spec: {
      entry: 'entry',
      templates: [
        { name: 'entry', templateType: parallel ? 'Parallel' : 'Serial', deadline: '60m', children: names },
        ...steps.map(template),
      ],
    },
  })
  const origin = { scenario: 'case', repo: '.', path: 'case.yaml', sha256: '' }
  const rendered = renderScenario(
    { origin, text, files: new Map() },
    { runId: `n${count}`, vars: {}, guard, gateImage: 'seitask' },
  )
  const folder = await mkdtemp(join(tmpdir(), 'sei run '))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { name } = rendered.workflow.metadata
  const started: Record<string, Set<string>> = {}
  const watch = cluster.kube.watch<Pod>(pods, {
    namespace,
    labelSelector: workflowSelector(name),
  })
  watch.subscribe(({ object }) => {
    const step = (object.metadata.labels?.[chaosMeshKeys.controlledBy] ?? '').replace(/-[^-]+$/, '')
    ;(started[step] ??= new Set()).add(object.metadata.name)
  })
  const events: ScenarioEvent[] = []
  const done = await runScenario({
    cluster: {
      kube,
      namespace,
      mode: 'embedded',
      simulated: true,
      rate: 100,
      reach: async (url) => url,
    },
    rendered,
    origin,
    folder,
    deleteTimeoutMs: 20_000,
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => {
      events.push(event)
      onEvent?.(event, name)
    },
  })
  watch.close()
  const made = Object.fromEntries(Object.entries(started).map(([step, seen]) => [step, seen.size]))
  const outcome = decideOutcome([done.verdict.outcome, ...done.outcomes.map((one) => one.outcome)])
  return { run: done, exitCode: exitCodes[outcome], folder, pods: made, events }
}

async function left(workflow: string): Promise<number> {
  const labelSelector = workflowSelector(workflow)
  const lists = await Promise.all([
    cluster.kube.list(pods, { namespace, labelSelector }),
    cluster.kube.list(workflowNodes, { namespace, labelSelector }),
  ])
  return lists.flatMap(({ items }) => items).length
}

const well: Step = { name: 'well', run: 'echo well' }
const later: Step = { name: 'later', run: 'echo later' }
const report: Step = { name: 'report', run: 'echo upload-report', finally: true }

describe('under guard', () => {
  test('default: a pass leaves its evidence and nothing else', async () => {
    const { run: done, exitCode, folder, pods: made } = await run([well, later, report])
    expect({ exitCode, summary: done.verdict.summary, left: done.cleanUp.left }).toEqual({
      exitCode: 0,
      summary: '3 steps passed',
      left: [],
    })
    expect(made).toEqual({ well: 1, later: 1, report: 1 })
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining(['workflow.yaml', 'workflownodes.yaml', 'evidence']),
    )
    expect(await left(done.workflow)).toBe(0)
    expect(done.stages.map(({ stage }) => stage)).toEqual(['apply', 'watch', 'capture', 'tear-down'])
  })

  test.for([
    [
      'exits with 1',
      { name: 'bad', run: 'echo no; exit 1' },
      1,
      'task-fail: step bad, container main: exited with 1 | no',
    ],
    [
      'exits with 2',
      { name: 'bad', run: 'exit 2' },
      2,
      'infra-fail: step bad, container main: exited with 2',
    ],
    [
      'is killed',
      { name: 'bad', run: 'exit 137' },
      2,
      'infra-fail: step bad, container main: exited with 137',
    ],
    [
      'cannot pull',
      { name: 'bad', run: 'true', image: 'no.such/image:1' },
      2,
      'infra-fail: step bad, container main: container main cannot pull',
    ],
    [
      'is late',
      { name: 'bad', run: 'sleep 8; exit 0', deadline: '20s' },
      2,
      'timeout: step bad, container main: exited with 143, past its deadline of 20s',
    ],
    [
      'is late and ends well when it is told to',
      { name: 'bad', run: 'trap "exit 0" TERM; sleep 8 & wait', deadline: '20s' },
      2,
      'timeout: step bad',
    ],
  ] as const)(
    'behavior: a step that %s is the last, but for the finalizer',
    async ([, bad, code, summary]) => {
      const { run: done, exitCode, pods: made } = await run([well, bad, later, report])
      expect(done.verdict.summary).toContain(summary)
      expect(exitCode).toBe(code)
      expect(made).not.toHaveProperty('later')
      expect([made['well'], made['bad']]).toEqual([1, 1])
      expect(done.cleanUp.left).toEqual([])
      expect(await left(done.workflow)).toBe(0)
    },
  )

  test('behavior: what runs beside a failed step is stopped', async () => {
    const slow: Step = { name: 'slow', run: 'sleep 30' }
    const { run: done, exitCode } = await run([slow, { name: 'bad', run: 'sleep 0.5; exit 1' }], {
      parallel: true,
    })
    const results = Object.fromEntries(done.verdict.steps.map(({ step, result }) => [step, result]))
    expect(results).toMatchObject({ slow: 'aborted', bad: 'task-fail' })
    expect(exitCode).toBe(1)
    expect(done.defences.map(({ line }) => line)).toContain('stop')
  })

  test('behavior: a finalizer that fails is no verdict of the tests', async () => {
    const { run: done, exitCode } = await run([well, { ...report, run: 'echo upload-report; exit 1' }])
    expect(done.verdict).toMatchObject({
      result: 'infra-fail',
      outcome: 'noVerdict',
      first: { step: 'report' },
    })
    expect(exitCode).toBe(2)
  })
})

describe('without guard', () => {
  test('behavior: the first failure aborts, and the abort comes before the capture, the capture before the deletion', async () => {
    const long: Step = { name: 'long', run: 'sleep 30' }
    const {
      run: done,
      exitCode,
      events,
    } = await run([well, { name: 'bad', run: 'exit 1' }, long, later], { guard: false })
    expect(exitCode).toBe(1)
    const told = events.flatMap((event) => {
      if (event.event === 'defence') return [event.what.split(' ')[0]]
      return event.event === 'stage' && event.state === 'begin' ? [event.stage] : []
    })
    const order = ['watch', 'annotation', 'capture', 'tear-down', 'Workflow']
    expect(told.filter((one) => order.includes(one ?? ''))).toEqual(order)
    expect(await left(done.workflow)).toBe(0)
  })
})

describe('what is in the way', () => {
  test('behavior: an annotation that is refused is followed by capture and deletion at once', async () => {
    const rights = callerRights.map((right) =>
      right.resource === 'workflows'
        ? { ...right, verbs: right.verbs.filter((verb) => verb !== 'patch') }
        : right,
    )
    const kube = await connectAs('no-patch', [...rights, ...callerClusterRights])
    onTestFinished(() => kube.close())
    const steps = [
      { name: 'bad', run: 'exit 1' },
      { name: 'long', run: 'sleep 30' },
    ]
    const { run: done, exitCode } = await run(steps, { guard: false, kube })
    expect(exitCode).toBe(1)
    expect(done.defences.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^not done, .*403.*annotation/),
    )
    expect(done.missing).toEqual([])
    expect(done.cleanUp.left).toEqual([])
    expect(await left(done.workflow)).toBe(0)
  })

  test('behavior: a network of the Workflow that says Retain leaves nothing behind', async () => {
    const { run: done } = await run([{ name: 'well', run: 'sleep 2' }], {
      onEvent: (event, name) => {
        if (event.event === 'step' && event.result === 'running') void retained(name)
      },
    })
    expect(done.defences.map(({ what }) => what).join()).toContain('is Delete now, it was Retain')
    expect(done.cleanUp.left).toEqual([])
    expect(done.cleanUp.deleted.join()).toContain('SeiNode ')
    for (const type of [seiNetworks, seiNodes, persistentVolumeClaims])
      expect((await cluster.kube.list(type, { namespace })).items).toEqual([])
  })
})

/** As provision-snd makes one, but for its policy. */
async function retained(workflow: string): Promise<void> {
  const owner = await cluster.kube.get<Workflow>(workflows, { namespace, name: workflow })
  const { apiVersion, kind, metadata } = owner
  const manifest = networkManifest({ name: 'kept', validators: 1, deletionPolicy: 'Retain' }, namespace)
  const ownerReferences = [{ apiVersion, kind, name: workflow, uid: metadata.uid ?? '' }]
  await cluster.kube.create<SeiNetwork>(seiNetworks, {
    ...manifest,
    metadata: { ...manifest.metadata, ownerReferences },
  })
}

async function connectAs(name: string, rights: readonly Right[]): Promise<KubeClient> {
  const account = { name, namespace }
  const { role, binding } = grant('ClusterRole', { name }, rights, account)
  await cluster.kube.create(clusterRoles, role)
  await cluster.kube.create(clusterRoleBindings, binding)
  await cluster.kube.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account })
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const answer = await cluster.kube.request<{ status: { token: string } }>('POST', path, { body })
  return connect({ ...cluster.kube.info, token: answer.status.token })
}

describe('evidence', () => {
  test('behavior: has the events of its own Workflow, nodes and pods, and of no other run', async () => {
    await run([well])
    const { run: done, folder } = await run([well, report])
    const read = async (...path: string[]): Promise<KubeEvent[]> =>
      (parse(await readFile(join(folder, ...path), 'utf8')) as { items: KubeEvent[] }).items
    const nodes = (await read('workflownodes.yaml')).map(({ metadata }) => metadata.name)
    const told = (await read('evidence', 'workflow-events.yaml')).map(
      ({ involvedObject }) => involvedObject.name ?? '',
    )
    const own = [done.workflow, ...nodes]
    expect(told.filter((name) => !own.some((one) => name.startsWith(one)))).toEqual([])
    expect(own.filter((one) => !told.includes(one))).toEqual([])
  })
})

describe('from outside', () => {
  test('behavior: a signal aborts, captures and deletes', async () => {
    const stop = new AbortController()
    const {
      run: done,
      exitCode,
      folder,
    } = await run([{ name: 'long', run: 'sleep 30' }, later], {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.event === 'step') stop.abort(cancelledError('stopped by SIGTERM'))
      },
    })
    expect(exitCode).toBe(130)
    expect(done.verdict).toMatchObject({ result: 'aborted', outcome: 'cancelled' })
    expect(done.verdict.summary).toContain('stopped by SIGTERM')
    expect(await readFile(join(folder, 'workflow.yaml'), 'utf8')).toContain('kind: Workflow')
    expect(await left(done.workflow)).toBe(0)
  })

  test('behavior: somebody else’s annotation is an abort without a verdict', async () => {
    const { run: done, exitCode } = await run([{ name: 'long', run: 'sleep 30' }, later], {
      onEvent: (event, name) => {
        if (event.event !== 'step' || event.result !== 'running') return
        const body = { metadata: { annotations: { [chaosMeshKeys.abort]: 'true' } } }
        void cluster.kube.patch(workflows, { namespace, name }, body, { type: 'merge' })
      },
    })
    expect(done.verdict).toMatchObject({ result: 'aborted', outcome: 'noVerdict' })
    expect(exitCode).toBe(2)
    expect(await left(done.workflow)).toBe(0)
  })

  test('behavior: a Workflow that somebody deletes is aborted, and swept all the same', async () => {
    const { run: done, exitCode } = await run([{ name: 'long', run: 'sleep 30' }, later], {
      onEvent: (event, name) => {
        if (event.event === 'step' && event.result === 'running')
          void cluster.kube.delete(workflows, { namespace, name }, { propagationPolicy: 'Background' })
      },
    })
    expect(done.verdict.summary).toContain('the Workflow was deleted before it had ended')
    expect(exitCode).toBe(2)
    expect(await left(done.workflow)).toBe(0)
  })

  test('error: a run id that is taken creates nothing', async () => {
    const name = `case-n${count + 1}`
    const standing = {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Workflow',
      metadata: { name, namespace },
    }
    const spec = { entry: 'pause', templates: [{ name: 'pause', templateType: 'Suspend', deadline: '60m' }] }
    await cluster.kube.create<Workflow>(workflows, { ...standing, spec })
    onTestFinished(() => cluster.kube.delete(workflows, { namespace, name }).then(() => undefined))
    await expect(run([well])).rejects.toMatchObject({ class: 'usage', code: 'BAD_INPUT' })
  })
})
