import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { course, failures, laterThan, stepsOf } from '../../../test/helpers/guarded-course.ts'
import {
  check,
  fault,
  foreign,
  gated,
  parallel,
  serial,
  shaped,
  source,
  suspend,
  type Shape,
} from '../../../test/helpers/scenario-shapes.ts'
import { runModel, seeded } from '../../../test/helpers/workflow-model.ts'
import { workflowErrors } from '../../embedded/controllers/chaos-mesh/admission/workflow-rules.ts'
import { readScenario } from '../source/read-scenario.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { renderScenario } from './render-scenario.ts'
import type { RenderedScenario } from './rendered-scenario.ts'

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
  }).map(([name, one]) => [name, () => renderScenario(one, gated), one] as const),
]

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
    for (const [kind, behaviour] of Object.entries(failures))
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
  return renderScenario(before, { ...gated, guard: false })
}

test('behavior: a step that is used twice is followed by a gate each time', () => {
  const rendered = renderScenario(shaped(['a', 'b', 'a', 'p', 'c'], { p: parallel('d', 'd') }), gated)
  const failing = (name: string): string[] => [
    ...course(rendered, new Map([[name, () => ({ exit: 1, ms: 10_000 })]]), 1).started,
  ]
  const steps = (started: readonly string[]): string => started.filter((name) => name.length === 1).join('')
  expect(steps(failing('none'))).toBe('abapddc')
  expect(steps(failing('a'))).toBe('a')
  expect(steps(failing('b'))).toBe('ab')
  expect(steps(failing('d'))).toBe('abapdd')
})

test('behavior: so are the steps of a Serial that is used twice', () => {
  for (const s of [serial('b', 'c'), { ...serial('b', 'c'), deadline: '10m' }]) {
    const rendered = renderScenario(shaped(['s', 'a', 's', 'd', 'upload-report'], { s }), gated)
    const started = (name: string): string =>
      course(rendered, new Map([[name, () => ({ exit: 1, ms: 10_000 })]]), 1)
        .started.filter((one) => /^[a-d]$|^upload/.test(one))
        .join(' ')
    expect(started('none')).toBe('b c a b c d upload-report')
    expect(started('b')).toBe('b upload-report')
    expect(started('c')).toBe('b c upload-report')
    expect(started('a')).toBe('b c a upload-report')
  }
})

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

/** A Workflow of up to three levels; every Task has a name of its own. */
function randomShape(random: () => number): ScenarioSource {
  const shape: Record<string, Shape[string]> = {}
  const pick = (limit: number): number => Math.floor(random() * limit)
  const make = (level: number): string => {
    const name = `n${Object.keys(shape).length}`
    shape[name] = {}
    const children = (): string[] => Array.from({ length: 1 + pick(3) }, () => make(level + 1))
    const kinds: (() => Shape[string])[] = [
      () => ({}),
      () => ({ annotations: { 'sei.io/log': 'large' } }),
      () => suspend,
      () => parallel(...children()),
      () => serial(...children()),
      () => ({ ...serial(...children()), deadline: '1h' }),
    ]
    shape[name] = kinds[pick(level > 2 ? 3 : kinds.length)]?.() ?? {}
    return name
  }
  const children = Array.from({ length: 2 + pick(4) }, () => make(1))
  return shaped(random() < 0.5 ? children : [...children, 'upload-report'], shape)
}

test('behavior: of random Workflows too a failed step is the last', () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seeded(seed)
    const before = randomShape(random)
    const rendered = renderScenario(before, gated)
    const original = unguarded(before).workflow
    expect(workflowErrors(rendered.workflow.spec)).toEqual([])
    const { steps, finalizers } = stepsOf(rendered)
    const well = course(rendered, new Map(), seed).started
    expect(
      steps.filter((step) => !well.includes(step)),
      before.text,
    ).toEqual([])
    for (const first of steps) {
      const failing = new Map([[first, () => ({ exit: 1, ms: 10_000 })]])
      const { started } = course(rendered, failing, seed)
      const later = laterThan(first, original, finalizers)
      const told = `${first} in ${before.text}`
      expect(
        started.filter((name) => later.has(name)),
        told,
      ).toEqual([])
      expect(new Set(started).size, told).toBe(started.length)
      expect(
        [...finalizers].filter((name) => !started.includes(name)),
        told,
      ).toEqual([])
    }
  }
})
