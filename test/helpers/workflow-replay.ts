import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { events, pods, statusChecks, workflowNodes, workflows } from '../../src/contract/kinds.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import { workflowSelector } from '../../src/contract/scenario-names.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import { recordedWorkflow, type RecordedStage } from './chaos-mesh-captures.ts'
import { aliasesOf } from './workflow-aliases.ts'
import { type Picture, pictureOf, storiesOf } from './workflow-picture.ts'
import type { WorkflowWorld } from './workflow-world.ts'

export interface Replayed {
  readonly stages: readonly { readonly stage: string; readonly played: Picture; readonly recorded: Picture }[]
  /** What was told about each object, in its order. */
  readonly events: readonly {
    readonly about: string
    readonly played: readonly string[]
    readonly recorded: readonly string[]
  }[]
}

const namespace = 'default'
const stepMs = 500
const longestMs = 60_000

/**
 * Plays a recording again: hands what came from outside at each stage to the controllers under test (pods that run and end, the
 * abort annotation, deletions), and lets time pass until the objects look as they did then, or for a minute.
 */
export async function replayRecorded(
  world: WorkflowWorld,
  recording: string,
  siteUrl: string,
): Promise<Replayed> {
  const { stages, events: told = [] } = recordedWorkflow(recording)
  const rename = aliasesOf(nodesOf(stages), told)
  const player = new Player(world, stages, rename)
  await player.create(siteUrl)
  const results: Replayed['stages'][number][] = []
  for (const [at, stage] of stages.entries()) {
    const recorded = pictureOf(stage, rename)
    let played: Picture = {}
    for (let ms = 0; ms < longestMs && JSON.stringify(played) !== JSON.stringify(recorded); ms += stepMs) {
      await player.act(stage, stages[at - 1], ms === 0)
      await world.pass(ms === 0 ? 20 : stepMs)
      played = await player.look(stage)
    }
    results.push({ stage: stage.stage, played, recorded })
  }
  return { stages: results, events: await storiesUntil(world, player, storiesOf(told, rename)) }
}

/** Lets time pass until as much has been told as was recorded. What came after the recording was made is left out. */
async function storiesUntil(
  world: WorkflowWorld,
  player: Player,
  recorded: ReadonlyMap<string, readonly string[]>,
): Promise<Replayed['events']> {
  for (let ms = 0; ; ms += stepMs) {
    const played = await player.stories()
    const stories = [...recorded].map(([about, lines]) => ({
      about,
      played: (played.get(about) ?? []).slice(0, lines.length),
      recorded: lines,
    }))
    const isTold = stories.every((story) => story.played.length === story.recorded.length)
    if (isTold || ms > longestMs) return stories
    await world.pass(stepMs)
  }
}

function isThere(workflow: Workflow | null | undefined): workflow is Workflow {
  return workflow !== undefined && workflow !== null
}

function nodesOf(stages: readonly RecordedStage[]): WorkflowNode[] {
  const nodes = new Map<string, WorkflowNode>()
  for (const { workflownodes = [] } of stages)
    for (const node of workflownodes) if (!nodes.has(node.metadata.name)) nodes.set(node.metadata.name, node)
  return [...nodes.values()]
}

/** The world outside of the controllers, as it was when the recording was made. */
class Player {
  readonly #world: WorkflowWorld
  readonly #stages: readonly RecordedStage[]
  readonly #name: string
  readonly #recordedName: (text: string) => string
  /** Every node there has been, so that its name is known when it is gone. */
  readonly #nodes = new Map<string, WorkflowNode>()
  readonly #done = new Set<string>()

  constructor(
    world: WorkflowWorld,
    stages: readonly RecordedStage[],
    recordedName: (text: string) => string,
  ) {
    this.#recordedName = recordedName
    this.#world = world
    this.#stages = stages
    this.#name = stages[0]?.workflow?.metadata.name ?? ''
  }

  async create(siteUrl: string): Promise<void> {
    const [first] = this.#stages
    if (first === undefined || !isThere(first.workflow))
      throw new Error('the recording does not begin with a Workflow')
    const spec = JSON.stringify(first.workflow.spec).replaceAll('http://127.0.0.1:29333', siteUrl)
    const { annotations } = first.workflow.metadata
    await this.#world.kube.create<Workflow>(workflows, {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Workflow',
      metadata: { name: this.#name, namespace, ...(annotations === undefined ? {} : { annotations }) },
      spec: JSON.parse(spec) as Workflow['spec'],
    })
  }

  async #mine<T extends KubeObject>(type: typeof pods): Promise<T[]> {
    const labelSelector = workflowSelector(this.#name)
    const { items } = await this.#world.kube.list<T>(type, { namespace, labelSelector })
    return items
  }

  async #rename(): Promise<(text: string) => string> {
    for (const node of await this.#mine<WorkflowNode>(workflowNodes))
      this.#nodes.set(node.metadata.name, node)
    return aliasesOf([...this.#nodes.values()], await this.#told())
  }

  async #told(): Promise<KubeEvent[]> {
    const { items } = await this.#world.kube.list<KubeEvent>(events, { namespace })
    const names = new Set([this.#name, ...this.#nodes.keys()])
    return items.filter(({ involvedObject }) => names.has(involvedObject.name ?? ''))
  }

  /** The objects now, of the kinds that the stage has. */
  async look(stage: RecordedStage): Promise<Picture> {
    const rename = await this.#rename()
    const found = await this.#world.kube.find<Workflow>(workflows, { namespace, name: this.#name })
    const seen: RecordedStage = {
      stage: stage.stage,
      ...(stage.workflow === undefined ? {} : { workflow: found ?? null }),
      ...(stage.workflownodes === undefined
        ? {}
        : { workflownodes: await this.#mine<WorkflowNode>(workflowNodes) }),
      ...(stage.pods === undefined ? {} : { pods: await this.#mine<Pod>(pods) }),
      ...(stage.statuschecks === undefined ? {} : { statuschecks: await this.#mine(statusChecks) }),
    }
    return pictureOf(seen, rename)
  }

  async stories(): Promise<Map<string, string[]>> {
    const rename = await this.#rename()
    return storiesOf(await this.#told(), rename)
  }

  /** Does what was done to the objects until this stage. */
  async act(stage: RecordedStage, before: RecordedStage | undefined, first: boolean): Promise<void> {
    if (first) await this.#annotate(stage)
    if (stage.workflow === null) {
      await this.#world.kube.delete(workflows, { namespace, name: this.#name })
      if (stage.stage.includes('force')) await this.#forceOut()
      return
    }
    const rename = await this.#rename()
    const recordedName = this.#recordedName
    const mine = await this.#mine<Pod>(pods)
    for (const recorded of stage.pods ?? []) {
      const alias = recordedName(ownerOf(recorded))
      const pod = mine.find(({ metadata }) => rename(ownerOf({ metadata })) === alias)
      if (pod === undefined) continue
      const earlier = before?.pods?.find(({ metadata }) => recordedName(ownerOf({ metadata })) === alias)
      const another = earlier !== undefined && earlier.metadata.name !== recorded.metadata.name
      if (another && first) await this.#world.kube.delete(pods, { namespace, name: pod.metadata.name })
      else if (!another) await this.#play(pod, recorded)
    }
  }

  /** Only what came from outside: a status check puts the annotation there by itself. */
  async #annotate({ workflow, stage }: RecordedStage): Promise<void> {
    if (!isThere(workflow) || stage.includes('checked')) return
    const value = workflow.metadata.annotations?.[chaosMeshKeys.abort] ?? null
    const body = { metadata: { annotations: { [chaosMeshKeys.abort]: value } } }
    await this.#world.kube.patch(workflows, { namespace, name: this.#name }, body, { type: 'merge' })
  }

  async #forceOut(): Promise<void> {
    for (const { metadata } of await this.#mine<Pod>(pods))
      await this.#world.kube.delete(pods, { namespace, name: metadata.name }, { gracePeriodSeconds: 0 })
  }

  async #play(pod: Pod, recorded: Pod): Promise<void> {
    const { phase = 'Pending' } = recorded.status ?? {}
    const key = `${pod.metadata.name} ${phase}`
    if (this.#done.has(key)) return
    this.#done.add(key)
    if (recorded.spec.nodeName !== undefined && pod.spec.nodeName === undefined) await this.#world.run(pod)
    const { terminated } = recorded.status?.containerStatuses?.[0]?.state ?? {}
    if (terminated !== undefined)
      await this.#world.end(pod, { exitCode: terminated.exitCode, log: this.#log() })
    else if (phase === 'Running') {
      const { name } = pod.metadata
      const body = { status: { phase } }
      await this.#world.kube.patch(pods, { namespace, name }, body, { type: 'merge', subresource: 'status' })
    }
  }

  /** What the containers of this recording said, where it is known. */
  #log(): string {
    for (const { status } of nodesOf(this.#stages.toReversed())) {
      const [context] = status?.conditionalBranchesStatus?.context ?? []
      if (context !== undefined) return `${(JSON.parse(context) as { stdout: string }).stdout}\n`
    }
    return ''
  }
}

function ownerOf({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return metadata.labels?.[chaosMeshKeys.controlledBy] ?? ''
}
