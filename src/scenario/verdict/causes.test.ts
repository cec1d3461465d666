import { describe, expect, test } from 'vitest'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { decideOutcome, exitCodes, type Outcome } from '../../contract/exit-codes.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { ContainerState, KubeEvent, Pod } from '../../contract/objects.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'
import { judge, judgeRun } from './judge.ts'
import type { Fate, Incident, RunObjects } from './objects.ts'

const at = (second: number): string => `2026-11-21T12:00:${String(second).padStart(2, '0')}Z`

function step(template: string, position: number, role: RenderedStep['role'] = 'step'): RenderedStep {
  return { template, role, container: 'main', position }
}

const steps = [step('one', 0), step('two', 1), step('report', 2, 'finalizer')]

const workflow: Workflow = {
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w', uid: 'w', annotations: {} },
  spec: {
    entry: 'entry',
    templates: [
      { name: 'entry', templateType: 'Serial', children: ['one', 'two', 'report'] },
      ...steps.map(({ template }) => ({ name: template, templateType: 'Task' })),
    ],
  },
  status: { entryNode: 'entry-0' },
}

type Condition = NonNullable<NonNullable<WorkflowNode['status']>['conditions']>[number]

const accomplished: Condition = { type: 'Accomplished', status: 'True', reason: '' }

function node(
  template: string,
  conditions: readonly Condition[] = [accomplished],
  spec: Partial<WorkflowNode['spec']> = {},
): WorkflowNode {
  const type = template === 'entry' ? 'Serial' : 'Task'
  const by = template === 'entry' ? 'w' : 'entry-0'
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'WorkflowNode',
    metadata: {
      name: `${template}-0`,
      uid: `node-${template}`,
      labels: { [chaosMeshKeys.controlledBy]: by },
    },
    spec: { templateName: template, workflowName: 'w', type, startTime: at(0), ...spec },
    status: { conditions: [...conditions] },
  }
}

function pod(template: string, status: NonNullable<Pod['status']>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${template}-0-p`,
      uid: template,
      creationTimestamp: at(0),
      labels: { [chaosMeshKeys.controlledBy]: `${template}-0` },
    },
    spec: { containers: [{ name: 'main', image: 'i' }] },
    status,
  }
}

function ended(
  template: string,
  exitCode: number,
  second: number,
  more: Partial<Pod['status']> & { reason?: string } = {},
): Pod {
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed'
  const reason = exitCode === 0 ? 'Completed' : 'Error'
  return pod(template, {
    phase,
    containerStatuses: [container({ terminated: { exitCode, reason, finishedAt: at(second) } })],
    ...more,
  })
}

function waiting(template: string, reason: string, message: string): Pod {
  return pod(template, { phase: 'Pending', containerStatuses: [container({ waiting: { reason, message } })] })
}

function container(state: ContainerState): {
  name: string
  image: string
  ready: boolean
  restartCount: number
  state: ContainerState
} {
  return { name: 'main', image: 'i', ready: false, restartCount: 0, state }
}

function objects(more: Partial<RunObjects>): RunObjects {
  const nodes = [node('entry'), node('one'), node('two'), node('report')]
  return { workflow, steps, nodes, pods: [], ...more }
}

const [one, two, report] = [ended('one', 0, 1), ended('two', 0, 2), ended('report', 0, 3)]

describe('one step', () => {
  const oom: Pod = pod('two', {
    phase: 'Failed',
    containerStatuses: [container({ terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: at(2) } })],
  })
  const evicted = pod('two', {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: memory.',
  })
  const drained = ended('two', 143, 2, {
    conditions: [
      { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API' },
    ],
  })

  test.for([
    ['exit code 1', ended('two', 1, 2), 'task-fail', 'step two, container main: exited with 1'],
    ['exit code 2', ended('two', 2, 2), 'infra-fail', 'step two, container main: exited with 2'],
    ['another exit code', ended('two', 7, 2), 'task-fail', 'step two, container main: exited with 7'],
    [
      'a command that is not there',
      ended('two', 127, 2),
      'infra-fail',
      'exited with 127, its command is not there',
    ],
    ['a kill', ended('two', 137, 2), 'infra-fail', 'exited with 137, killed by signal 9'],
    ['no memory', oom, 'infra-fail', 'exited with 137, OOMKilled'],
    ['eviction', evicted, 'infra-fail', 'Evicted: The node was low on resource: memory.'],
    ['a drain', drained, 'infra-fail', 'exited with 143, EvictionByEvictionAPI: Eviction API'],
    [
      'the pod’s deadline',
      ended('two', 0, 2, { phase: 'Failed', reason: 'DeadlineExceeded' }),
      'timeout',
      'activeDeadlineSeconds',
    ],
  ] as const)('behavior: %s is what the pod says it is', ([, pod, result, summary]) => {
    const verdict = judge(objects({ pods: [one, pod, report] }))
    expect(verdict.result).toBe(result)
    expect(verdict.summary).toContain(summary)
    expect(verdict.first?.step).toBe('two')
  })

  test('behavior: the last line of its log ends the summary', () => {
    const logs = new Map([['two-0-p', 'first\nexpected 1 to be 2\n\n']])
    const { summary, first } = judge(objects({ pods: [one, ended('two', 1, 2), report], logs }))
    expect(summary).toBe('task-fail: step two, container main: exited with 1 | expected 1 to be 2')
    expect(first?.lastLines).toEqual(['first', 'expected 1 to be 2'])
  })

  test('behavior: an image that cannot be had fails at once, a missing ConfigMap with the step’s deadline', () => {
    const open = [node('entry', []), node('one'), node('two', [])]
    const pull = waiting('two', 'ErrImagePull', 'repository does not exist')
    expect(judge(objects({ nodes: open, pods: [one, pull] }))).toMatchObject({
      result: 'infra-fail',
      outcome: 'noVerdict',
    })
    const config = waiting('two', 'CreateContainerConfigError', 'configmap "workflow-vars-w" not found')
    expect(judge(objects({ nodes: open, pods: [one, config] })).steps[1]?.result).toBe('running')
    const late = node('two', [{ type: 'DeadlineExceed', status: 'True', reason: 'NodeDeadlineExceed' }], {
      deadline: at(9),
    })
    const verdict = judge(
      objects({ nodes: [node('entry'), node('one'), late, node('report')], pods: [one, config, report] }),
    )
    expect(verdict.result).toBe('infra-fail')
    expect(verdict.summary).toContain('configmap "workflow-vars-w" not found, until its deadline')
  })

  test('behavior: a deadline that was omitted is none', () => {
    const omitted: Condition = { type: 'DeadlineExceed', status: 'True', reason: 'NodeDeadlineOmitted' }
    const nodes = [
      node('entry', [accomplished, omitted]),
      node('one', [accomplished, omitted]),
      node('two'),
      node('report'),
    ]
    expect(judge(objects({ nodes, pods: [one, two, report] })).result).toBe('pass')
  })

  test('behavior: a guarded step that had ended before its node’s long deadline is not late', () => {
    const long = node('one', [{ type: 'DeadlineExceed', status: 'True', reason: 'NodeDeadlineExceed' }], {
      deadline: at(30),
    })
    const late = node('two', [{ type: 'DeadlineExceed', status: 'True', reason: 'NodeDeadlineExceed' }], {
      deadline: at(20),
    })
    const running = pod('two', { phase: 'Running', containerStatuses: [container({ running: {} })] })
    const verdict = judge(objects({ nodes: [node('entry'), long, late], pods: [one, running] }))
    expect(verdict).toMatchObject({ result: 'timeout', outcome: 'noVerdict', first: { step: 'two' } })
    expect(verdict.steps[0]?.result).toBe('pass')
  })

  test('behavior: EXIT_REASON speaks only where no pod does', () => {
    const gone = objects({ pods: [one, report], exitReason: 'task-fail' })
    expect(judge(gone)).toMatchObject({ result: 'task-fail', first: { step: 'two' } })
    expect(judge({ ...gone, exitReason: 'pass' })).toMatchObject({
      result: 'infra-fail',
      first: { step: 'two' },
    })
    expect(judge(objects({ pods: [one, two, report], exitReason: 'infra-fail' })).result).toBe('pass')
  })

  test('behavior: a pod that was made anew for a step that had ended does not change its verdict', () => {
    const again = pod('two', { phase: 'Pending' })
    again.metadata.name = 'two-0-again'
    again.metadata.creationTimestamp = at(40)
    expect(judge(objects({ pods: [one, again, two, report] })).result).toBe('pass')
  })

  test('behavior: a step that never ran keeps a run from passing', () => {
    const verdict = judge(
      objects({ nodes: [node('entry'), node('one'), node('report')], pods: [one, report] }),
    )
    expect(verdict).toMatchObject({ result: 'infra-fail', summary: 'infra-fail: step two never ran' })
    expect(verdict.steps[1]).toMatchObject({ step: 'two', result: 'not-run' })
  })

  test('behavior: a pod that cannot be made is told by its event', () => {
    const event: KubeEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { kind: 'WorkflowNode', name: 'two-0' },
      reason: 'TaskPodSpawnFailed',
      message: 'exceeded quota',
      firstTimestamp: at(2),
    }
    const nodes = [node('entry', []), node('one'), node('two', [])]
    expect(judge(objects({ nodes, pods: [one], events: [event] })).summary).toContain(
      'cannot be made: exceeded quota',
    )
  })
})

describe('several at once', () => {
  test('behavior: the first in time decides, by when it was seen where seconds do not tell', () => {
    const pods = [ended('one', 2, 5), ended('two', 1, 5), report]
    const seen = new Map([
      ['one', '2026-11-21T12:00:05.900Z'],
      ['two', '2026-11-21T12:00:05.100Z'],
    ])
    expect(judge(objects({ pods })).first?.step).toBe('one')
    expect(judge(objects({ pods, seen }))).toMatchObject({ result: 'task-fail', later: [{ step: 'one' }] })
  })

  test('behavior: a gate fails because of what it looked at, and is a cause only by itself', () => {
    const gated = [step('one', 0), step('two', 1, 'gate'), step('report', 2, 'finalizer')]
    const both = judge(objects({ steps: gated, pods: [ended('one', 1, 1), ended('two', 1, 2), report] }))
    expect(both).toMatchObject({ result: 'task-fail', first: { step: 'one' }, later: [] })
    const alone = judge(objects({ steps: gated, pods: [one, ended('two', 1, 2), report] }))
    expect(alone).toMatchObject({ result: 'infra-fail', first: { step: 'two' } })
  })

  test('behavior: what was stopped because the run was over is no failure of its own', () => {
    const fate: Fate = { at: at(2), why: 'stopped', what: 'stopped: one has failed' }
    const pods = [ended('one', 1, 1), ended('two', 143, 3), report]
    const verdict = judge(objects({ pods, fates: new Map([['two', fate]]) }))
    expect(verdict).toMatchObject({ result: 'task-fail', later: [] })
    expect(verdict.steps[1]).toMatchObject({ result: 'aborted', reason: 'stopped: one has failed' })
  })

  test('behavior: our own abort does not hide the failure that it follows', () => {
    const aborted: Condition = { type: 'Aborted', status: 'True', reason: 'ParentNodeAborted' }
    const entry = node('entry', [{ ...aborted, reason: 'WorkflowAborted' }])
    const nodes = [entry, node('one', [aborted, accomplished]), node('two', [aborted, accomplished])]
    const seen = new Map([
      ['one', at(1)],
      ['two', at(9)],
    ])
    const own = objects({ nodes, pods: [ended('one', 1, 1), ended('two', 143, 9)], seen, abortedAt: at(2) })
    expect(judge(own)).toMatchObject({ result: 'task-fail', first: { step: 'one' }, later: [] })
  })
})

interface Event {
  readonly name: string
  readonly outcome: Outcome
  /** What it does to the run's objects at that second; what comes after the run only adds an outcome. */
  readonly into?: ((objects: RunObjects, second: number, template: string) => RunObjects) | undefined
}

function failing(exitCode: number): Event['into'] {
  return (all, second, template) => ({ ...all, pods: replaced(all.pods, ended(template, exitCode, second)) })
}

function replaced(all: readonly Pod[], one: Pod): Pod[] {
  return [...all.filter(({ metadata }) => metadata.name !== one.metadata.name), one]
}

function late(all: RunObjects, second: number, template: string): RunObjects {
  const fate: Fate = { at: at(second), why: 'deadline', what: 'past its deadline of 2m' }
  const fates = new Map([...(all.fates ?? []), [template, fate] as const])
  return { ...all, fates, pods: replaced(all.pods, ended(template, 143, second)) }
}

function incident(result: Incident['result'], outcome: Outcome): Event['into'] {
  return (all, second) => ({
    ...all,
    incidents: [...(all.incidents ?? []), { at: at(second), result, outcome, what: result }],
  })
}

const happenings: readonly Event[] = [
  { name: 'a task fails', outcome: 'testFailed', into: failing(1) },
  { name: 'infrastructure fails', outcome: 'noVerdict', into: failing(2) },
  { name: 'a step is late', outcome: 'noVerdict', into: late },
  { name: 'the entry deadline passes', outcome: 'notReady', into: incident('timeout', 'notReady') },
  { name: 'a signal comes', outcome: 'cancelled', into: incident('aborted', 'cancelled') },
  { name: 'the network is lost', outcome: 'noVerdict', into: incident('infra-fail', 'noVerdict') },
]
const afterwards: readonly Event[] = [
  { name: 'evidence is lost', outcome: 'noVerdict' },
  { name: 'something is left', outcome: 'noVerdict' },
  { name: 'the upload fails', outcome: 'noVerdict' },
  { name: 'a signal comes late', outcome: 'cancelled' },
  { name: 'nothing else happens', outcome: 'passed' },
]

const pairs = [{ name: 'all pass', outcome: 'passed' } as Event, ...happenings].flatMap((first) =>
  [...happenings, ...afterwards].map((later) => ({ first, later })),
)

/** Design §3: 130, 64, 1, 3, 2, 4, 0. */
const order: readonly Outcome[] = [
  'cancelled',
  'usage',
  'testFailed',
  'notReady',
  'noVerdict',
  'nothingRan',
  'passed',
]

test.for(pairs)(
  'default: $first.name, then $later.name: the exit code is that of the graver',
  ({ first, later }) => {
    let all = objects({ pods: [one, two, report] })
    if (first.into !== undefined) all = first.into(all, 10, 'one')
    if (later.into !== undefined) all = later.into(all, 20, 'two')
    const { verdict, outcomes } = judgeRun(all)
    const decided = decideOutcome([
      verdict.outcome,
      ...outcomes.map(({ outcome }) => outcome),
      ...(later.into === undefined ? [later.outcome] : []),
    ])
    const graver = order.find((outcome) => outcome === first.outcome || outcome === later.outcome) ?? 'passed'
    expect(exitCodes[decided]).toBe(exitCodes[graver])
    // Whatever comes later, the verdict is that of what came first.
    const cause = first.into === undefined && later.into !== undefined ? later : first
    expect(verdict.outcome).toBe(cause.outcome)
  },
)
