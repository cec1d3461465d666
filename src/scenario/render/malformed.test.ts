import { describe, expect, test } from 'vitest'
import type { Problem } from '../../contract/problem.ts'
import { SeiError } from '../../errors/sei-error.ts'
import { renderScenario, type RenderOptions } from './render-scenario.ts'

const sound = `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata:
  name: demo-$SEI_WORKFLOW_RUN_ID
  labels:
    sei.io/scenario: demo
  annotations:
    sei.io/placeholders: |
      SEITASK_IMAGE: image
      PROFILE: slug
      MINUTES: { type: integer, default: 10 }
      WAIT: { type: duration, default: 5m }
      TITLE: { type: text, default: an upgrade }
      SEI_CHAIN_ID: { type: chainId, prefix: demo- }
spec:
  entry: demo
  templates:
    - name: demo
      templateType: Serial
      deadline: 30m
      children: [first, pause, all, last]
    - name: first
      templateType: Task
      deadline: $WAIT
      task:
        container:
          name: first
          image: $SEITASK_IMAGE
          args: [keygen, --title=$TITLE, '--chain=$SEI_CHAIN_ID']
          env:
            - { name: MINUTES, value: $MINUTES }
          envFrom:
            - configMapRef: { name: workflow-vars-demo-$SEI_WORKFLOW_RUN_ID }
          ports:
            - { containerPort: 80 }
    - name: pause
      templateType: Suspend
      deadline: 1s
    - name: all
      templateType: Parallel
      deadline: 2m
      children: [left, right]
    - name: left
      templateType: Task
      task: { container: { name: left, image: $SEITASK_IMAGE, args: [$PROFILE] } }
    - name: right
      templateType: Task
      task: { container: { name: right, image: 'busybox:1', command: [sh, -c, 'echo $HOME "\${left}" $PROFILE'] } }
    - name: last
      templateType: Task
      task: { container: { name: last, image: $SEITASK_IMAGE } }
`

const vars = { SEITASK_IMAGE: 'r.io/seitask:1', PROFILE: 'transfer' }

function render(text: string, options: Partial<RenderOptions> = {}): unknown {
  const origin = { scenario: 'demo', repo: '.', path: 'demo.yaml', sha256: '' }
  return renderScenario(
    { origin, text, files: new Map() },
    { runId: 'r1', namespace: 'nightly', vars, ...options },
  )
}

function problemOf(attempt: () => unknown): Problem {
  try {
    attempt()
  } catch (error) {
    if (!(error instanceof SeiError)) throw error
    expect(error.class).toBe('usage')
    const problems = (error.details?.['problems'] ?? []) as Problem[]
    expect(problems, error.message).toHaveLength(1)
    const [problem = { what: '', where: '', expected: '', fix: '' }] = problems
    for (const field of ['what', 'where', 'expected', 'fix'] as const)
      expect(problem[field], `${field} of ${error.message}`).not.toBe('')
    return problem
  }
  throw new Error('nothing was refused')
}

/** Title, what is replaced in the sound file and by what, and what the error says. */
type Case = readonly [title: string, from: string | RegExp, to: string, says: RegExp, where?: RegExp]

const yaml: readonly Case[] = [
  ['an empty file', /^[^]*$/, '', /is empty/],
  ['comments alone', /^[^]*$/, '# nothing\n', /is empty/],
  ['a text', /^[^]*$/, 'just a text', /the document is "just a text"/],
  ['a list', /^[^]*$/, '- a\n- b\n', /the document is a list of 2/],
  ['a second document', /$/, '---\nkind: Workflow\n', /more than one YAML document/, /demo\.yaml:5\d:/],
  ['a tab as indentation', 'metadata:\n  name', 'metadata:\n\tname', /not YAML/, /demo\.yaml:4:/],
  ['a bracket that stays open', '[left, right]', '[left, right', /not YAML/],
  ['a quote that stays open', '30m', '"30m', /not YAML/],
  ['a key twice', '  entry: demo\n', '  entry: demo\n  entry: demo\n', /not YAML.*unique/, /demo\.yaml:17:/],
  ['an alias of nothing', 'entry: demo', 'entry: *nothing', /not YAML|alias/i],
  ['another kind', 'kind: Workflow', 'kind: Pod', /the kind is "Pod"/, /demo\.yaml:2:/],
  ['no kind', 'kind: Workflow\n', '', /the kind is undefined/],
  ['another version', 'v1alpha1', 'v1', /apiVersion is "chaos-mesh.org\/v1"/],
  ['no spec', /spec:[^]*$/, '', /the spec is undefined/],
  ['an entry that is a number', 'entry: demo', 'entry: 1', /the entry is 1/],
  ['no entry', '  entry: demo\n', '', /the entry is undefined/],
  ['an entry that is no template', 'entry: demo', 'entry: dem', /no template "dem"/, /demo\.yaml:16:/],
  ['no templates', /templates:[^]*$/, 'templates: []', /the templates are a list of 0/],
  ['templates that are a mapping', /templates:[^]*$/, 'templates: {}', /the templates are an object/],
  ['a field that a spec has not', 'entry: demo', 'entry: demo\n  template: []', /no field template/],
  ['a label that is a number', 'scenario: demo', 'scenario: 1', /1 is not a text/, /demo\.yaml:6:/],
  [
    'a template that is a text',
    '    - name: pause\n      templateType: Suspend\n      deadline: 1s',
    '    - pause',
    /the template is "pause"/,
  ],
  [
    'a template without name',
    '- name: pause\n      templateType',
    '- templateType',
    /undefined is not the name/,
  ],
  ['a name in capitals', '- name: pause', '- name: Pause', /"Pause" is not the name/],
  ['a name of 58 characters', '- name: pause', `- name: ${'p'.repeat(58)}`, /58 characters/],
  ['a name twice', '- name: right', '- name: left', /the name left is taken/],
  ['an unknown type', 'templateType: Suspend', 'templateType: Suspended', /"Suspended" is not a type/],
  ['no type', '      templateType: Suspend\n', '', /undefined is not a type/],
  ['a misspelt field', 'deadline: 30m', 'deadlin: 30m', /no field deadlin/, /spec\.templates\[0\]\.deadlin/],
  [
    'a field of another type',
    'deadline: 1s',
    'deadline: 1s\n      children: [last]',
    /type Suspend has no field children/,
  ],
  ['a deadline without unit', 'deadline: 30m', 'deadline: 30', /30 is not a duration/, /demo\.yaml:20:/],
  ['a deadline in words', 'deadline: 30m', 'deadline: half an hour', /not a duration/],
  ['a deadline of nothing', 'deadline: 30m', 'deadline: 0s', /over at once/],
  ['a pause without deadline', '      deadline: 1s\n', '', /Suspend without deadline never ends/],
  [
    'a fault without deadline',
    'templateType: Suspend\n      deadline: 1s',
    'templateType: PodChaos\n      podChaos: {}',
    /PodChaos without deadline/,
  ],
  [
    'a fault without its spec',
    'templateType: Suspend',
    'templateType: PodChaos',
    /undefined as its podChaos/,
  ],
  [
    'a fault with a duration',
    'templateType: Suspend',
    'templateType: PodChaos\n      podChaos: { duration: 1m }',
    /has a duration/,
  ],
  [
    'a status check without its spec',
    'templateType: Suspend',
    'templateType: StatusCheck',
    /undefined as its statusCheck/,
  ],
  ['no children', 'children: [left, right]', 'children: []', /children are a list of 0/],
  ['a child that is no template', '[left, right]', '[left, rigth]', /no template "rigth"/, /children\[1\]/],
  ['a child that is a mapping', '[left, right]', '[left, { name: right }]', /an object is not a name/],
  ['a template below itself', '[left, right]', '[left, all]', /all → all/],
  ['a circle', '[left, right]', '[left, right, demo]', /demo → all → demo/],
  ['a Task without task', / {6}task: \{ container: \{ name: last.*\n/, '', /the task is undefined/],
  [
    'a Task without container',
    'task: { container: { name: last, image: $SEITASK_IMAGE } }',
    'task: {}',
    /the container is undefined/,
  ],
  ['a container without name', '{ name: last, ', '{ ', /not the name of a container/],
  [
    'a container without image',
    '{ name: last, image: $SEITASK_IMAGE }',
    '{ name: last }',
    /undefined is not an image/,
  ],
  ['an argument that is a number', 'args: [$PROFILE]', 'args: [1]', /1 is not a text/, /args\[0\]/],
  ['arguments that are a text', 'args: [$PROFILE]', 'args: work', /"work" is not a list/],
  ['a variable that is a boolean', 'value: $MINUTES', 'value: true', /true is not a text/],
  [
    'an argument of a variable that is nowhere',
    'args: [$PROFILE]',
    "args: ['$(PROFILE)']",
    /\$\(PROFILE\) is the value of nothing/,
  ],
  ['a variable without name', '{ name: MINUTES, value', '{ value', /has no name/],
  [
    'a branch to nowhere',
    'image: $SEITASK_IMAGE } }\n',
    'image: $SEITASK_IMAGE } }\n      conditionalBranches: [{ target: lost, expression: exitCode == 0 }]\n',
    /no template "lost"/,
  ],
  [
    'a branch without expression',
    /$/,
    '      conditionalBranches: [{ target: pause }]\n',
    /expression is missing/,
  ],
  [
    'a branch that assigns',
    /$/,
    '      conditionalBranches: [{ target: pause, expression: exitCode = 0 }]\n',
    /exitCode = 0.*cannot be parsed/,
  ],
  [
    'a branch that does not end',
    /$/,
    '      conditionalBranches: [{ target: pause, expression: exitCode == }]\n',
    /exitCode ==/,
  ],
  [
    'a branch with an open bracket',
    /$/,
    '      conditionalBranches: [{ target: pause, expression: (exitCode == 0 }]\n',
    /exitCode == 0/,
  ],
  [
    'another run’s variables',
    'workflow-vars-demo-$',
    'workflow-vars-dome-$',
    /not the ConfigMap of this run/,
  ],
  [
    'an unknown annotation of a template',
    'deadline: 1s',
    'deadline: 1s\n      annotations: { sei.io/finaly: "true" }',
    /no annotation sei.io\/finaly/,
  ],
  [
    'an annotation that is no text',
    'deadline: 1s',
    'deadline: 1s\n      annotations: { sei.io/finally: true }',
    /true is no value/,
  ],
  [
    'two finalizers',
    /name: (pause|last)\n/g,
    'name: $1\n      annotations: { sei.io/finally: "true" }\n',
    /step last cannot be guarded/,
  ],
  [
    'a finalizer within a Parallel',
    '- name: left\n',
    '- name: left\n      annotations: { sei.io/finally: "true" }\n',
    /step left cannot be guarded/,
  ],
  [
    'branches with steps behind them',
    'deadline: $WAIT',
    'deadline: $WAIT\n      conditionalBranches: [{ target: pause, expression: exitCode == 0 }]',
    /step first cannot be guarded/,
  ],
  [
    'a guard that is none',
    'annotations:\n',
    'annotations:\n    sei.io/guard: \'{"steps":[{"template":"first","role":"step"}]}\'\n',
    /cannot be guarded.*sei.io\/guard/,
  ],
]

const placeholders: readonly Case[] = [
  [
    'a placeholder that nobody declared',
    'image: $SEITASK_IMAGE }',
    'image: $OTHER_IMAGE }',
    /no placeholder \$OTHER_IMAGE/,
    /demo\.yaml:/,
  ],
  ['one in braces', 'image: $SEITASK_IMAGE }', "image: '${OTHER}' }", /no placeholder \$OTHER/],
  [
    'placeholders that are a list',
    /sei.io\/placeholders: \|\n(.*: .*\n){6}/,
    'sei.io/placeholders: "[A, B]"\n',
    /a list of 2 is not a list of placeholders/,
  ],
  [
    'a clock that runs backwards',
    'sei.io/placeholders:',
    "sei.io/fastest-rate: '-3'\n    sei.io/placeholders:",
    /"-3" is not the rate of a clock/,
    /demo\.yaml:8/,
  ],
  ['placeholders that are no YAML', 'PROFILE: slug', 'PROFILE: [slug', /placeholders cannot be read/],
  [
    'a placeholder in lower case',
    'PROFILE: slug',
    'profile: slug',
    /"profile" is not the name of a placeholder/,
  ],
  ['an unknown type of placeholder', 'PROFILE: slug', 'PROFILE: slugg', /"slugg" is not a type/],
  [
    'a placeholder with an unknown field',
    'type: duration, default',
    'type: duration, defualt',
    /unknown field "defualt"/,
  ],
  ['a default that is no duration', 'default: 5m', 'default: 5', /"5" is not a duration/],
]

describe('a Workflow file is refused with one error that says what, where, what was expected and how to fix it', () => {
  test('default: the file that they are made of is sound', () => {
    expect(() => render(sound)).not.toThrow()
  })

  test.for([...yaml, ...placeholders])('error: %s', ([, from, to, says, where]) => {
    const text = sound.replace(from, () => to)
    const spread = typeof from !== 'string' && from.global ? sound.replace(from, to) : text
    expect(spread).not.toBe(sound)
    const problem = problemOf(() => render(spread))
    expect(problem.what).toMatch(says)
    expect(problem.where).toMatch(where ?? /demo\.yaml|sei\.io\/placeholders|the value of/)
  })
})

const values: readonly (readonly [title: string, options: Partial<RenderOptions>, says: RegExp])[] = [
  ['a value that is missing', { vars: { PROFILE: 'a' } }, /no value for \$SEITASK_IMAGE/],
  ['a value that is empty', { vars: { ...vars, PROFILE: '' } }, /empty/],
  ['an unknown name', { vars: { ...vars, PROFIL: 'a' } }, /no placeholder "PROFIL"/],
  ['a slug with capitals', { vars: { ...vars, PROFILE: 'Transfer' } }, /"Transfer" is not a slug/],
  ['a slug with a line break', { vars: { ...vars, PROFILE: 'a\nb' } }, /not a slug/],
  [
    'an image with a space',
    { vars: { ...vars, SEITASK_IMAGE: 'r.io/sei task:1' } },
    /not an image reference/,
  ],
  [
    'an image that is a placeholder itself',
    { vars: { ...vars, SEITASK_IMAGE: '$(IMAGE)' } },
    /not an image reference/,
  ],
  ['an image in YAML', { vars: { ...vars, SEITASK_IMAGE: 'a: 1 # b' } }, /not an image reference/],
  ['a number with a unit', { vars: { ...vars, MINUTES: '10m' } }, /"10m" is not a whole number/],
  ['a number with a fraction', { vars: { ...vars, MINUTES: '1.5' } }, /not a whole number/],
  ['a duration without unit', { vars: { ...vars, WAIT: '90' } }, /not a duration/],
  ['a negative duration', { vars: { ...vars, WAIT: '-5m' } }, /not a duration/],
  ['a text of two lines', { vars: { ...vars, TITLE: 'one\ntwo' } }, /not one line of text/],
  ['a text with a quote', { vars: { ...vars, TITLE: 'a "b"' } }, /not one line of text/],
  ['a text that the kubelet would expand', { vars: { ...vars, TITLE: '$(HOME)' } }, /not one line of text/],
  ['a public chain', { vars: { ...vars, SEI_CHAIN_ID: 'pacific-1' } }, /public chain/],
  [
    'a chain id that begins with a digit',
    { vars: { ...vars, SEI_CHAIN_ID: '1-chain' } },
    /"1-chain" is not a chain id/,
  ],
  ['a chain id too long for its nodes', { vars: { ...vars, SEI_CHAIN_ID: 'c'.repeat(47) } }, /47 characters/],
  [
    'a run id beside the run’s',
    { vars: { ...vars, SEI_WORKFLOW_RUN_ID: 'r2' } },
    /"r2" is not what this run has/,
  ],
  [
    'a namespace beside the run’s',
    { vars: { ...vars, SEI_NAMESPACE: 'other' } },
    /"other" is not what this run has/,
  ],
  ['a run id with capitals', { runId: 'R1' }, /"R1" is not a run id/],
  ['a run id with a dash at its end', { runId: 'r1-' }, /not a run id/],
  ['a run id of 31 characters', { runId: 'r'.repeat(31) }, /31 characters/],
  ['an empty run id', { runId: '' }, /empty/],
  [
    'a placeholder named on the command line in lower case',
    { placeholders: ['other'] },
    /"other" is not the name/,
  ],
  ['one of an unknown type', { placeholders: ['OTHER=number'] }, /"number" is not a type/],
]

describe('values are refused with one error', () => {
  test.for(values)('error: %s', ([, options, says]) => {
    expect(problemOf(() => render(sound, options)).what).toMatch(says)
  })

  test('error: a text with blanks in a shell program', () => {
    const text = sound.replace('PROFILE: slug', 'PROFILE: text')
    const problem = problemOf(() => render(text, { vars: { ...vars, PROFILE: 'a; reboot' } }))
    expect(problem.what).toMatch(/more than a word/)
  })

  test('error: a name that is too long beside the scenario’s', () => {
    const origin = { scenario: 's'.repeat(50), repo: '.', path: 'demo.yaml', sha256: '' }
    const problem = problemOf(() =>
      renderScenario({ origin, text: sound, files: new Map() }, { runId: 'r'.repeat(20), vars }),
    )
    expect(problem.what).toMatch(/71 characters/)
  })

  test('error: a step used twice, and no image for gates', () => {
    const text = sound
      .replaceAll('$SEITASK_IMAGE', 'busybox:1')
      .replace('[first, pause, all, last]', '[first, pause, first]')
    expect(problemOf(() => render(text, { vars: { PROFILE: 'a' } })).what).toMatch(
      /step first cannot be guarded.*gate/,
    )
  })

  test('error: a Parallel with steps behind it, and no image for gates', () => {
    const text = sound.replaceAll('$SEITASK_IMAGE', 'busybox:1')
    expect(problemOf(() => render(text, { vars: { PROFILE: 'a' } })).what).toMatch(
      /step all cannot be guarded.*gate/,
    )
  })
})
