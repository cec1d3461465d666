import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { runModel, seeded, type Behaviour, type Course } from '../../../test/helpers/workflow-model.ts'
import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { workflowErrors } from '../../embedded/controllers/chaos-mesh/admission/workflow-rules.ts'
import { readScenario } from '../source/read-scenario.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { renderScenario } from './render-scenario.ts'
import type { RenderedScenario } from './rendered-scenario.ts'

function source(scenario: string, text: string): ScenarioSource {
  return { origin: { scenario, repo: '.', path: `${scenario}.yaml`, sha256: '' }, text, files: new Map() }
}

interface Shape {
  readonly [name: string]: Partial<WorkflowTemplate>
}

/** A Workflow of an entry `main` with these children, and these templates; a name without one is a Task of 1 min. */
function shaped(children: readonly string[], shape: Shape = {}): ScenarioSource {
  const names = new Set([
    ...children,
    ...Object.values(shape).flatMap((one) => one.children ?? []),
    ...Object.keys(shape),
  ])
  const templates = [...names].map((name) => ({ name, ...task(name), ...shape[name] })).map(withoutTask)
  const entry = { name: 'main', templateType: 'Serial', deadline: '10h', children }
  return source(
    'shaped',
    stringify({
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'shaped' },
      spec: { entry: 'main', templates: [entry, ...templates] },
    }),
  )
}

function task(name: string): Partial<WorkflowTemplate> {
  const args = name === 'upload-report' ? [name] : ['work']
  return {
    templateType: 'Task',
    deadline: '1m',
    task: { container: { name: 'c', image: 'r.io/seitask:1', args } },
  }
}

function withoutTask(template: Partial<WorkflowTemplate>): Partial<WorkflowTemplate> {
  const { task: _task, ...rest } = template
  return template.templateType === 'Task' ? template : rest
}

const serial = (...children: string[]): Partial<WorkflowTemplate> => ({
  templateType: 'Serial',
  deadline: undefined as never,
  children,
})
const parallel = (...children: string[]): Partial<WorkflowTemplate> => ({
  templateType: 'Parallel',
  deadline: '5m',
  children,
})
const suspend: Partial<WorkflowTemplate> = { templateType: 'Suspend', deadline: '1m' }
const fault: Partial<WorkflowTemplate> = {
  templateType: 'PodChaos',
  deadline: '1m',
  podChaos: { action: 'pod-kill' },
}
const foreign: Partial<WorkflowTemplate> = {
  task: { container: { name: 'c', image: 'busybox:1', args: [] } },
}
const check = (abort: boolean): Partial<WorkflowTemplate> => ({
  templateType: 'StatusCheck',
  deadline: '2m',
  abortWithStatusCheck: abort,
  statusCheck: { type: 'HTTP', http: { url: 'http://x' } },
})

const options = { runId: 'r1', vars: {}, gateImage: 'r.io/seitask:1' }
const values = {
  SEITASK_IMAGE: 'r.io/seitask:1',
  SEID_IMAGE: 'r.io/sei:1',
  S3_BUCKET: 'reports',
} as const

const scenarios: readonly (readonly [
  string,
  () => Promise<RenderedScenario> | RenderedScenario,
  ScenarioSource | undefined,
])[] = [
  ...(
    [
      ['release-test', { ...values, RELEASE_TEST_IMAGE: 'r.io/rt:1' }],
      [
        'load-test',
        { ...values, SEILOAD_IMAGE: 'r.io/load:1', SEILOAD_PROFILE: 'transfer', DURATION_MINUTES: '10' },
      ],
      [
        'major-upgrade',
        {
          SEITASK_IMAGE: 'r.io/seitask:1',
          S3_BUCKET: 'reports',
          SEI_PRE_UPGRADE_IMG: 'r.io/sei:1',
          SEI_POST_UPGRADE_IMG: 'r.io/sei:2',
          SEI_UPGRADE_NAME: 'v6.4.0',
        },
      ],
    ] as const
  ).map(
    ([scenario, vars]) =>
      [
        scenario,
        async () => renderScenario(await readScenario({ scenario }), { runId: 'r1', vars, namespace: 'n' }),
        undefined,
      ] as const,
  ),
  ...Object.entries({
    'two steps': shaped(['a', 'b']),
    'steps and a report': shaped(['a', 'b', 'c', 'upload-report']),
    'an annotated finalizer that is no child': shaped(['a', 'b'], {
      end: { annotations: { 'sei.io/finally': 'true' } },
    }),
    'a finalizer between steps': shaped(['a', 'end', 'b'], {
      end: { annotations: { 'sei.io/finally': 'true' } },
    }),
    'a finalizer of two steps': shaped(['a', 'b'], {
      end: { ...serial('collect', 'send'), annotations: { 'sei.io/finally': 'true' } },
    }),
    'a Parallel first, in the middle and last': shaped(['p', 'b', 'q', 'c', 'r', 'upload-report'], {
      p: parallel('p1', 'p2'),
      q: parallel('q1', 'q2'),
      r: parallel('r1', 'r2'),
    }),
    'a Parallel of Serials': shaped(['a', 'p', 'b', 'upload-report'], {
      p: parallel('s', 't', 'x'),
      s: serial('s1', 's2'),
      t: serial('t1', 't2', 't3'),
    }),
    'a Parallel in a Parallel': shaped(['p', 'b'], { p: parallel('q', 'x'), q: parallel('q1', 'q2') }),
    'a Serial in a Serial': shaped(['a', 's', 'b', 'upload-report'], { s: serial('s1', 's2') }),
    'a Serial with a deadline of its own': shaped(['a', 's', 'b', 'upload-report'], {
      s: { ...serial('s1', 's2'), deadline: '3m' },
    }),
    'pauses and faults in between': shaped(
      ['pause', 'a', 'kill', 'b', 'pause', 'c', 'pause', 'upload-report'],
      {
        pause: suspend,
        kill: fault,
      },
    ),
    'status checks': shaped(['a', 'watch', 'b', 'look', 'c', 'upload-report'], {
      watch: check(true),
      look: check(false),
    }),
    'programs that may log anything': shaped(['a', 'b', 'c', 'd', 'upload-report'], {
      a: foreign,
      c: { annotations: { 'sei.io/log': 'large' } },
      d: foreign,
    }),
    'branches of its author': shaped(['a', 'b'], {
      b: {
        deadline: '10m',
        conditionalBranches: [
          { target: 'c', expression: 'exitCode == 0' },
          { target: 'oh', expression: 'exitCode != 0' },
        ],
      },
      c: serial('c1', 'c2'),
      oh: {},
    }),
  }).map(([name, one]) => [name, () => renderScenario(one, options), one] as const),
]

const kinds: Readonly<Record<string, (deadlineMs: number) => Behaviour>> = {
  'exits with 1': () => ({ exit: 1, ms: 10_000 }),
  'is killed with 137': () => ({ exit: 137, ms: 10_000 }),
  // Whoever runs the Workflow stops a step at its own deadline.
  'is stopped at its deadline': (deadlineMs) => ({ exit: 137, ms: deadlineMs }),
  'fails with a huge log': () => ({ exit: 1, ms: 10_000, hugeLog: true }),
  'never starts': () => ({ exit: 0, ms: Infinity }),
}

/** What starts only after `name` in the Workflow as its author wrote it; without the finalizer, and without shared pauses. */
function laterThan(name: string, { spec }: Workflow, finalizers: ReadonlySet<string>): ReadonlySet<string> {
  const byName = new Map(spec.templates.map((template) => [template.name, template]))
  const all = (one: string): string[] => {
    const { children = [], conditionalBranches = [] } = byName.get(one) ?? {}
    return [one, ...[...children, ...conditionalBranches.map(({ target }) => target)].flatMap(all)]
  }
  const later = new Set<string>()
  for (const { templateType, children = [] } of spec.templates.filter(
    (one) => one.templateType === 'Serial',
  )) {
    const at = children.findIndex((child) => all(child).includes(name))
    if (at >= 0 && templateType === 'Serial')
      for (const next of children.slice(at + 1)) for (const one of all(next)) later.add(one)
  }
  const success = byName
    .get(name)
    ?.conditionalBranches?.find(({ expression }) => expression === 'exitCode == 0')
  if (success !== undefined) for (const one of all(success.target)) later.add(one)
  for (const one of finalizers) later.delete(one)
  const uses = spec.templates.flatMap(({ children = [] }) => children)
  for (const one of later) if (uses.indexOf(one) !== uses.lastIndexOf(one)) later.delete(one)
  return later
}

function stepsOf({ workflow, steps }: RenderedScenario): {
  readonly steps: readonly string[]
  readonly finalizers: ReadonlySet<string>
} {
  const checks = workflow.spec.templates.filter(({ abortWithStatusCheck }) => abortWithStatusCheck === true)
  return {
    steps: [
      ...steps.filter(({ role }) => role === 'step').map(({ template }) => template),
      ...checks.map(({ name }) => name),
    ],
    finalizers: new Set(steps.filter(({ role }) => role === 'finalizer').map(({ template }) => template)),
  }
}

function course(
  rendered: RenderedScenario,
  failing: ReadonlyMap<string, (deadlineMs: number) => Behaviour>,
  seed: number,
): Course {
  const own = new Map(rendered.steps.map(({ template, deadlineMs = 60_000 }) => [template, deadlineMs]))
  return runModel(
    rendered.workflow,
    ({ name }) => failing.get(name)?.(own.get(name) ?? 60_000) ?? { exit: 0, ms: 20_000 },
    seeded(seed),
  )
}

describe.for(scenarios)('guarded: %s', ([, render, before]) => {
  test('behavior: where all is well every step runs once, and the finalizer at the end', async () => {
    const rendered = await render()
    const { started, exceeded, finished } = course(rendered, new Map(), 1)
    const { steps, finalizers } = stepsOf(rendered)
    const unwanted = new Set(['oh'])
    for (const one of [...steps, ...finalizers].filter((step) => !unwanted.has(step)))
      expect(
        started.filter((name) => name === one),
        one,
      ).toHaveLength(1)
    for (const one of finalizers)
      expect(started.indexOf(one)).toBeGreaterThan(Math.max(...steps.map((step) => started.indexOf(step))))
    const timed = rendered.workflow.spec.templates.filter(({ templateType }) =>
      /Suspend|Chaos/.test(templateType),
    )
    expect(exceeded.filter((name) => !timed.some((one) => one.name === name))).toEqual([])
    expect(finished).toBe(true)
  })

  test('behavior: no step starts after one that failed, none starts twice, and the finalizer is told', async () => {
    const rendered = await render()
    const original = before === undefined ? await unguardedOf(rendered) : unguarded(before)
    const { steps, finalizers } = stepsOf(rendered)
    const once = rendered.steps.map(({ template }) => template)
    let seed = 0
    for (const [kind, behaviour] of Object.entries(kinds))
      for (const first of steps)
        for (const second of steps) {
          const failing = new Map([first, second].map((name) => [name, behaviour]))
          const { started } = course(rendered, failing, seed++)
          const told = `${first} and ${second}: ${kind}, started ${started.join(' ')}`
          const later = started.includes(first) ? laterThan(first, original.workflow, finalizers) : new Set()
          expect(
            started.filter((name) => later.has(name)),
            told,
          ).toEqual([])
          expect(
            once.filter((name) => started.filter((one) => one === name).length > 1),
            told,
          ).toEqual([])
          // A check that aborts the Workflow lets nothing start any more: whoever runs it reports then.
          const aborted = [first, second].some((name) => !once.includes(name))
          if (/exits|killed|stopped/.test(kind) && !aborted)
            for (const one of finalizers) expect(started, told).toContain(one)
        }
  })

  test('behavior: steps that take nearly all of their own time meet no deadline', async () => {
    const rendered = await render()
    const { workflow, steps } = rendered
    // That of the entry is its author's, and less than the sum of its steps where that is meant.
    const templates = workflow.spec.templates.map(({ deadline, ...rest }) =>
      rest.name === workflow.spec.entry || deadline === undefined ? rest : { ...rest, deadline },
    )
    const own = new Map(steps.map(({ template, deadlineMs = 60_000 }) => [template, deadlineMs]))
    const byAuthor = before?.text.includes('conditionalBranches') === true
    const { exceeded } = runModel(
      { ...workflow, spec: { ...workflow.spec, templates } },
      // Whoever writes branches has counted what hangs below them.
      ({ name }) => ({ exit: 0, ms: name === 'b' && byAuthor ? 20_000 : (own.get(name) ?? 60_000) - 500 }),
      seeded(1),
    )
    const timed = templates.filter(({ templateType }) => /Suspend|Chaos/.test(templateType))
    expect(exceeded.filter((name) => !timed.some((one) => one.name === name))).toEqual([])
  })

  test('behavior: Chaos Mesh admits it', async () => {
    const { spec } = (await render()).workflow
    expect(workflowErrors(spec)).toEqual([])
  })

  test('behavior: rendering it again changes nothing', async () => {
    const rendered = await render()
    const { scenario, runId, workflow } = rendered
    const again = renderScenario(source(scenario, stringify(workflow)), { runId, vars: {} })
    expect(again.workflow).toEqual(workflow)
    expect(again.steps).toEqual(rendered.steps)
  })
})

function unguarded(before: ScenarioSource): RenderedScenario {
  return renderScenario(before, { ...options, guard: false })
}

test('behavior: without a guard the next step starts whatever became of the one before', () => {
  const rendered = unguarded(shaped(['a', 'b', 'upload-report']))
  const { started } = course(rendered, new Map([['a', () => ({ exit: 1, ms: 10_000 })]]), 1)
  expect(started).toEqual(['main', 'a', 'b', 'upload-report'])
})

async function unguardedOf({ scenario, vars }: RenderedScenario): Promise<RenderedScenario> {
  const given = Object.fromEntries(
    Object.entries(vars).filter(([name]) => !/^SEI_(WORKFLOW_RUN_ID|NAMESPACE)$/.test(name)),
  )
  return renderScenario(await readScenario({ scenario }), {
    runId: 'r1',
    vars: given,
    namespace: 'n',
    guard: false,
  })
}
