import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Workflow, WorkflowCondition } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { pods, workflowNodes, workflows } from '../../src/contract/kinds.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import { workflowSelector } from '../../src/contract/scenario-names.ts'
import type { Pod } from '../../src/contract/objects.ts'
import { renderScenario } from '../../src/scenario/render/render-scenario.ts'
import type { RenderedScenario } from '../../src/scenario/render/rendered-scenario.ts'
import { readScenario } from '../../src/scenario/source/read-scenario.ts'
import { taskEnd } from '../../src/scenario/steps/template-end.ts'
import { realChaosMesh } from '../helpers/real-chaos-mesh.ts'
import { startRealServer } from '../helpers/real-server.ts'
import { startWorkflowWorld, type WorkflowWorld } from '../helpers/workflow-world.ts'

/** Each scenario of this package on the controllers, once with each of its steps failing; pods and gates are played. */
const images = { SEITASK_IMAGE: 'r.io/seitask:1', S3_BUCKET: 'reports' }
const scenarios = {
  'release-test': { ...images, SEID_IMAGE: 'r.io/sei:1', RELEASE_TEST_IMAGE: 'r.io/rt:1' },
  'load-test': {
    ...images,
    SEID_IMAGE: 'r.io/sei:1',
    SEILOAD_IMAGE: 'r.io/load:1',
    SEILOAD_PROFILE: 'transfer',
    DURATION_MINUTES: '10',
  },
  'major-upgrade': {
    ...images,
    SEI_PRE_UPGRADE_IMG: 'r.io/sei:1',
    SEI_POST_UPGRADE_IMG: 'r.io/sei:2',
    SEI_UPGRADE_NAME: 'v6.4.0',
  },
} as const

let world: WorkflowWorld
let real: Awaited<ReturnType<typeof startRealServer>> | undefined
let runs = 0
beforeAll(async () => {
  if (realChaosMesh !== undefined) real = await startRealServer()
  world = await startWorkflowWorld({ server: real?.info })
})
afterAll(async () => {
  await world?.close()
  await real?.close()
})

async function rendered(scenario: keyof typeof scenarios): Promise<RenderedScenario> {
  const vars = scenarios[scenario]
  return renderScenario(await readScenario({ scenario }), { runId: `r${++runs}`, vars, namespace: 'default' })
}

/** Templates of the pods of a run, in the order in which they ended; `failing` ends with 1. */
async function play({ workflow }: RenderedScenario, failing: string | undefined): Promise<string[]> {
  const name = workflow.metadata.name
  await world.kube.create<Workflow>(workflows, {
    ...workflow,
    metadata: { ...workflow.metadata, namespace: 'default' },
  })
  const place = { namespace: 'default', labelSelector: workflowSelector(name) }
  const ended = new Map<string, string>()
  for (let round = 0; round < 200; round++) {
    await world.pass(real === undefined ? 1_000 : 250)
    const [nodes, found] = await Promise.all([
      world.kube.list<WorkflowNode>(workflowNodes, place),
      world.kube.list<Pod>(pods, place),
    ])
    for (const pod of found.items.filter(({ metadata }) => !ended.has(metadata.name))) {
      const node = nodes.items.find(
        ({ metadata }) => metadata.name === pod.metadata.labels?.[chaosMeshKeys.controlledBy],
      )
      const template = node?.spec.templateName ?? 'lost'
      const [command, ...asked] = pod.spec.containers[0]?.args ?? []
      const steps = command === 'gate' ? asked.map((one) => one.replace('--step=', '')) : []
      const ends = steps.map((step) => taskEnd(step, nodes.items, found.items))
      await world.run(pod)
      await world.end(pod, { exitCode: template === failing || ends.some(({ passed }) => !passed) ? 1 : 0 })
      ended.set(pod.metadata.name, template)
    }
    const { status } = await world.kube.get<Workflow>(workflows, { namespace: 'default', name })
    if (!isAccomplished(status?.conditions)) continue
    await world.kube.delete(workflows, { namespace: 'default', name })
    return [...ended.values()]
  }
  throw new Error(`${name} is not over; ended: ${[...ended.values()].join(', ')}`)
}

function isAccomplished(conditions: readonly WorkflowCondition[] = []): boolean {
  return conditions.some(({ type, status }) => type === 'Accomplished' && status === 'True')
}

test.for(Object.keys(scenarios) as (keyof typeof scenarios)[])(
  'behavior: %s ends with the step that fails, and with its report',
  async (scenario) => {
    const whole = await rendered(scenario)
    const order = whole.steps.map(({ template }) => template)
    expect((await play(whole, undefined)).toSorted()).toEqual(order.toSorted())
    const fallible = whole.steps.filter((step) => step.role !== 'finalizer')
    // Real controllers take their time for each: there the first and the last speak for all.
    const failing = real === undefined ? fallible : [...fallible.slice(0, 1), ...fallible.slice(-1)]
    for (const { template, position, role } of failing) {
      const played = await play(await rendered(scenario), template)
      const later = whole.steps.filter((step) => step.role === 'step' && step.position > position)
      expect(
        played.filter((one) => later.some((step) => step.template === one)),
        `${role} ${template}`,
      ).toEqual([])
      expect(played.at(-1)).toBe('upload-report')
      expect(new Set(played).size).toBe(played.length)
    }
  },
)
