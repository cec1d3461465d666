import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseGoDuration } from '../../contract/go-duration.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { newScenarioRunId } from './run-names.ts'
import { renderScenario, type RenderOptions } from './render-scenario.ts'
import type { RenderedScenario } from './rendered-scenario.ts'

function source(text: string, scenario = 'demo'): ScenarioSource {
  return { origin: { scenario, repo: '.', path: `${scenario}.yaml`, sha256: '' }, text, files: new Map() }
}

function workflow(placeholders: string, container: string): string {
  return `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata:
  name: demo
  labels: { team: chain }
  annotations:
    note: kept
    sei.io/placeholders: |
${placeholders.replaceAll(/^/gm, '      ')}
spec:
  entry: one
  templates:
    - name: one
      templateType: Task
      deadline: 5m
      task:
        container: ${container}
`
}

function render(text: string, options: Partial<RenderOptions> = {}): RenderedScenario {
  return renderScenario(source(text), { runId: 'r1', namespace: 'nightly', vars: {}, ...options })
}

function containerOf({ workflow: { spec } }: RenderedScenario): unknown {
  return spec.templates[0]?.task?.container
}

describe('what is created', () => {
  const text = workflow('A: text', '{ name: c, image: $A }')

  test('default: name, labels and annotations tell of the run; declarations stay behind', () => {
    const { workflow: created, vars, guarded, entryDeadlineMs } = render(text, { vars: { A: 'busybox' } })
    expect(created.metadata).toEqual({
      name: 'demo-r1',
      labels: {
        team: 'chain',
        'sei.io/scenario': 'demo',
        'sei.io/workflow-run': 'r1',
        'sei.io/harness-run': 'r1',
      },
      annotations: { note: 'kept', 'sei.io/guard': expect.stringContaining('"steps"') },
    })
    expect([vars, guarded, entryDeadlineMs]).toEqual([{ A: 'busybox' }, true, 300_000])
  })

  test('behavior: the fastest clock that it keeps up with is what it says, else what is known of its name', () => {
    const said = text.replace('note: kept', "sei.io/fastest-rate: '7'")
    const vars = { A: 'busybox' }
    expect(render(said, { vars }).fastestRate).toBe(7)
    expect(render(text, { vars }).fastestRate).toBeUndefined()
    const known = renderScenario(source(text, 'major-upgrade'), { runId: 'r1', namespace: 'nightly', vars })
    expect(known.fastestRate).toBe(3)
  })

  test('behavior: without a guard the spec is what is written', () => {
    const written = `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
spec:
  entry: main
  templates:
    - { name: main, templateType: Serial, deadline: 60m, children: [a, p, b, a] }
    - { name: a, templateType: Task, task: { container: { name: c, image: i, args: ['1', "yes"] } } }
    - { name: p, templateType: Parallel, children: [b, a] }
    - { name: b, templateType: Task, deadline: 1500ms, task: { container: { name: c, image: i } } }
`
    const { workflow: created, guarded, steps } = render(written, { guard: false })
    expect(created.spec).toEqual((parse(written) as { spec: unknown }).spec)
    expect(JSON.stringify(created.spec)).toBe(JSON.stringify((parse(written) as { spec: unknown }).spec))
    expect(created.metadata.annotations).toEqual({ 'sei.io/guard': 'none' })
    expect(guarded).toBe(false)
    expect(steps.map(({ template }) => template).toSorted()).toEqual(['a', 'b'])
  })
})

test('behavior: a field without a value is one that is not there', () => {
  const container = '{ name: c, image: i, args: null, env: null }'
  const text = workflow('A: text', container).replace('deadline: 5m', 'deadline:\n      conditionalBranches:')
  expect(render(text).workflow.spec.templates).toEqual([
    { name: 'one', templateType: 'Task', task: { container: { name: 'c', image: 'i' } } },
  ])
})

describe('placeholders', () => {
  test('behavior: a value is data, whatever YAML would make of its text', () => {
    const text = workflow(
      'A: text\nB: text\nN: integer\nP: integer',
      `
          name: c
          image: busybox
          args: [$A, '$B', "$N", $N, x-$A-$N]
          env: [{ name: N, value: $N }, { name: A, value: $A }]
          ports: [{ containerPort: $P }]`,
    )
    const vars = { A: 'yes', B: '{ a: 1 } # x', N: '010'.slice(1), P: '9090' }
    expect(containerOf(render(text, { vars }))).toMatchObject({
      args: ['yes', '{ a: 1 } # x', '10', '10', 'x-yes-10'],
      env: [
        { name: 'N', value: '10' },
        { name: 'A', value: 'yes' },
      ],
      ports: [{ containerPort: 9090 }],
    })
  })

  test('behavior: what looks like a placeholder within a value is not looked at again', () => {
    const text = workflow(
      'A: slug\nSEI_CHAIN_ID: { type: chainId, prefix: x- }',
      '{ name: c, image: i, args: [$A$SEI_CHAIN_ID] }',
    )
    expect(containerOf(render(text, { vars: { A: 'a' } }))).toMatchObject({ args: ['ax-r1'] })
  })

  test('behavior: a shell program keeps its own variables, and those that its container defines', () => {
    const program = 'echo $HOME ${HOME} $(date) $((1 + 2)) ${A} ${B} $A $$ "$1" \'${LOST:-x}\''
    const text = workflow(
      'A: slug\nB: slug',
      `
          name: c
          image: busybox
          command: [/bin/sh, -c]
          args:
            - |
              ${program}
          env: [{ name: A, value: $A }]`,
    )
    const rendered = containerOf(render(text, { vars: { A: 'one', B: 'two' } })) as { args: string[] }
    expect(rendered.args).toEqual([`${program.replace('${B}', 'two').replace(' $A ', ' one ')}\n`])
  })

  test('behavior: a shell behind another program is a shell', () => {
    const line = 'echo $HOME $(date) ${A}'
    const text = workflow(
      'A: slug',
      `{ name: c, image: i, command: [timeout, '9'], args: [sh, -c, '${line}'] }`,
    )
    expect(containerOf(render(text, { vars: { A: 'a' } }))).toMatchObject({
      args: ['sh', '-c', 'echo $HOME $(date) a'],
    })
  })

  test('behavior: comments may name what they like, and a name that nobody uses needs no value', () => {
    const text = `# $NOT_DECLARED\n${workflow('A: image', '{ name: c, image: i } # ${NOR_THIS}')}`
    expect(render(text).vars).toEqual({})
  })

  test('behavior: given before the run’s default, the scenario’s default, and what follows from others', () => {
    const text = workflow(
      'SEID_IMAGE: image\nSEILOAD_COMMIT_ID:\nD: { type: slug, default: own }\nE: { type: slug, default: own }',
      '{ name: c, image: $SEID_IMAGE, args: [$SEILOAD_COMMIT_ID, $D, $E, $SEI_NAMESPACE, $SEI_WORKFLOW_RUN_ID] }',
    )
    const vars = { SEID_IMAGE: 'r.io:5000/sei/chain:nightly-20260622-1a2b3c4' }
    const defaults = { E: 'run', OTHER: 'x' }
    expect(containerOf(render(text, { vars, defaults }))).toMatchObject({
      args: ['1a2b3c4', 'own', 'run', 'nightly', 'r1'],
    })
    expect(
      containerOf(render(text, { vars: { ...vars, E: 'given', SEILOAD_COMMIT_ID: 'c' }, defaults })),
    ).toMatchObject({
      args: ['c', 'own', 'given', 'nightly', 'r1'],
    })
  })

  test('behavior: a file that declares nothing has what is known of its name, and what is added', () => {
    const text = `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
spec:
  entry: one
  templates:
    - name: one
      templateType: Task
      task: { container: { name: c, image: $SEILOAD_IMAGE, args: [$DURATION_MINUTES, $SEI_CHAIN_ID, $MINE] } }
`
    const vars = { SEILOAD_IMAGE: 'l:1', DURATION_MINUTES: '7', MINE: 'm' }
    const options = { runId: 'r1', namespace: 'n', vars }
    expect(() => renderScenario(source(text, 'load-test'), options)).toThrow(/no placeholder "MINE"/)
    const added = { ...options, placeholders: ['MINE=slug'] }
    expect(containerOf(renderScenario(source(text, 'load-test'), added))).toMatchObject({
      args: ['7', 'bench-r1', 'm'],
    })
    expect(() => renderScenario(source(text, 'mine'), added)).toThrow(/no placeholder "SEILOAD_IMAGE"/)
  })
})

describe('the guard', () => {
  const task = (name: string, deadline: string, image = 'r.io/seitask:1'): string =>
    `    - { name: ${name}, templateType: Task, deadline: ${deadline}, task: { container: { name: c, image: '${image}', imagePullPolicy: Never } } }\n`
  const text = `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
spec:
  entry: main
  templates:
    - { name: main, templateType: Serial, deadline: 10m, children: [a, b, c, end] }
${task('a', '2m')}${task('b', '25m', 'busybox:1')}${task('c', '30m')}    - name: end
      templateType: Task
      deadline: 5m
      metadata: { annotations: { sei.io/finally: 'true' } }
      task: { container: { name: up, image: 'r.io/seitask:1' } }
`

  test('behavior: a deadline holds all that hangs below; the entry keeps its own, and each step in the list', () => {
    const { workflow: created, steps, entryDeadlineMs } = render(text, { gateImage: 'r.io/seitask:1' })
    const templates = Object.fromEntries(created.spec.templates.map((one) => [one.name, one]))
    const ms = (name: string): number => parseGoDuration(templates[name]?.deadline ?? '') ?? NaN
    const minute = 60_000
    expect(ms('main')).toBe(10 * minute)
    expect(entryDeadlineMs).toBe(10 * minute)
    // Neither b, which is followed by a gate, nor c, which is followed by the finalizer whatever becomes of it, has to wait.
    expect([ms('b'), ms('c'), ms('end')]).toEqual([25 * minute, 30 * minute, 5 * minute])
    expect(ms('gate-b')).toBe((5 + 30 + 5) * minute + 30_000)
    expect(ms('a')).toBe((2 + 25) * minute + ms('gate-b') + 30_000)
    expect(
      steps.map(({ template, role, deadlineMs = 0, container }) => [
        template,
        role,
        deadlineMs / minute,
        container,
      ]),
    ).toEqual([
      ['a', 'step', 2, 'c'],
      ['b', 'step', 25, 'c'],
      ['gate-b', 'gate', 5, 'gate'],
      ['c', 'step', 30, 'c'],
      ['end', 'finalizer', 5, 'up'],
    ])
    expect(templates['a']?.conditionalBranches).toEqual([
      { target: 'then-b', expression: 'exitCode == 0' },
      { target: 'end', expression: 'exitCode != 0' },
    ])
    expect(templates['end']).not.toHaveProperty('metadata')
    expect(templates['gate-b']?.task?.container).toMatchObject({
      image: 'r.io/seitask:1',
      imagePullPolicy: 'Never',
      args: ['gate', '--step=b'],
      env: [{ name: 'SEI_WORKFLOW_NAME' }, { name: 'SEI_NAMESPACE' }],
    })
  })

  test('behavior: without a guard a finalizer that nothing leads to is no step, and nobody sees its annotation', () => {
    const { workflow: created, steps } = render(text.replace(', end]', ']'), { guard: false })
    expect(steps.map(({ template, role }) => [template, role])).toEqual([
      ['a', 'step'],
      ['b', 'step'],
      ['c', 'step'],
    ])
    expect(created.spec.templates.flatMap((template) => Object.keys(template))).not.toContain('metadata')
    expect(render(text, { guard: false }).steps.at(-1)).toMatchObject({ template: 'end', role: 'finalizer' })
  })

  test('behavior: without an image for gates a step of another image is trusted, and one that logs much is refused', () => {
    const names = (written: string): string[] =>
      render(written).workflow.spec.templates.map(({ name }) => name)
    expect(names(text).filter((name) => name.startsWith('gate'))).toEqual([])
    const large = text.replace('name: b,', 'name: b, annotations: { sei.io/log: large },')
    expect(() => names(large)).toThrow(/the step b cannot be guarded/)
    const small = text.replace('name: b,', 'name: b, annotations: { sei.io/log: small },')
    const created = render(small, { gateImage: 'r.io/seitask:1' }).workflow.spec.templates
    expect(created.some(({ name }) => name.startsWith('gate'))).toBe(false)
  })

  test('behavior: below a step without deadline none is left on those before it', () => {
    const open = text.replace('deadline: 30m, ', '')
    const { workflow: created, steps } = render(open, { gateImage: 'r.io/seitask:1' })
    const templates = Object.fromEntries(created.spec.templates.map((one) => [one.name, one]))
    expect([templates['a']?.deadline, templates['gate-b']?.deadline]).toEqual([undefined, undefined])
    expect(steps.find(({ template }) => template === 'a')?.deadlineMs).toBe(120_000)
  })

  test('behavior: names of gates are free and at most 57 characters long', () => {
    const long = 'b'.repeat(57)
    const written = text.replaceAll(/\bb\b/g, long).replaceAll(/\bc,/g, 'gate-a,').replaceAll('[a, ', '[a, ')
    const { spec } = render(written, { gateImage: 'r.io/seitask:1' }).workflow
    const names = spec.templates.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.length > 57)).toEqual([])
  })
})

test('behavior: a run id is a time and some chance, and short enough', () => {
  const ids = Array.from({ length: 100 }, () => newScenarioRunId(new Date('2026-11-21T21:16:08.123Z')))
  expect(new Set(ids).size).toBeGreaterThan(95)
  for (const id of ids) expect(id).toMatch(/^20261121t211608-[a-z0-9]{5}$/)
})
