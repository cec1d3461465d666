import { record } from '../../contract/check-structures.ts'
import { anyText, refine, text, type Check } from '../../contract/checks.ts'
import type { OptionSpec } from '../command.ts'

/** The kubelet leaves `$(NAME)` as it stands where there is no such variable; taken for a value it fails much later, elsewhere. */
function resolved(check: Check<string>): Check<string> {
  const whole = refine(anyText, (value) => {
    const [left, name = ''] = /\$\((\w+)\)/.exec(value) ?? []
    return left === undefined
      ? undefined
      : {
          what: `${left} has no value: no variable of that name is set`,
          expected: 'a value that an earlier step has published',
          fix: `look why ${name} is not in the workflow-vars, or correct its name`,
        }
  })
  return (value, where) => {
    const found = whole(value, where)
    return found.ok ? check(found.value, where) : found
  }
}

interface TextExtras {
  readonly env?: string
  readonly short?: string
  readonly required?: true
  readonly default?: string
}

export function textOption(
  value: string,
  description: string,
  check: Check<string>,
  example: string,
  { default: initial, ...extras }: TextExtras = {},
): OptionSpec {
  return { type: 'text', value, description, check: resolved(check), example, default: initial, ...extras }
}

export function listOption(
  value: string,
  description: string,
  check: Check<string>,
  example: string,
): OptionSpec {
  return { type: 'list', value, description, check: resolved(check), example }
}

const dayMs = 24 * 3_600_000

export function goDurationOption(description: string, initialMs: number): OptionSpec {
  return {
    type: 'duration',
    go: true,
    value: 'TIME',
    minimum: 1,
    maximum: dayMs,
    default: initialMs,
    description,
  }
}

export function templateOption(env?: string): OptionSpec {
  return textOption(
    'FILE',
    'Go template of the object, as YAML',
    text({ noun: 'a path' }),
    '/scenarios/release-test/validator.yaml.tmpl',
    { required: true, ...(env === undefined ? {} : { env }) },
  )
}

export const varOption: OptionSpec = {
  type: 'pairs',
  value: 'KEY=VALUE',
  check: record(
    text({ noun: 'the name of a variable', form: 'letters, digits and _', pattern: /^[A-Za-z_]\w*$/ }),
    resolved(anyText),
  ),
  example: 'IMAGE=sei/seid:v7',
  description: 'variable of the template, .KEY in it',
}

export const kubeconfigOption: OptionSpec = textOption(
  'FILE',
  'kubeconfig; else KUBECONFIG, the pod’s own cluster, ~/.kube/config',
  text({ noun: 'a path' }),
  '~/.kube/config',
)
