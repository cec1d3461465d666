import { oneOf, text } from '../contract/checks.ts'
import { eras } from '../contract/crds/eras.ts'
import { defaults } from '../contract/defaults.ts'
import { record } from '../contract/check-structures.ts'
import { clockKinds, type ClockKind, type ImageCommands } from '../contract/embedded.ts'
import type { OptionSpec, OptionSpecs, OptionValues } from './command.ts'

export const defaultName = 'default'

const name = text({
  noun: 'the name of a cluster',
  form: 'lower-case letters, digits and hyphens',
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 40,
})

export function nameOption(description: string, initial: string | undefined): OptionSpec {
  return { type: 'text', value: 'NAME', check: name, example: 'ci', default: initial, description }
}

export const envtestOption: OptionSpec = {
  type: 'flag',
  description: 'on a real kube-apiserver and etcd: KUBEBUILDER_ASSETS, or what npm run parts built',
}

export const definitionsOption: OptionSpec = {
  type: 'text',
  value: 'ERA|FOLDER',
  check: text({ noun: 'an era, or a folder' }),
  example: './config/crd/bases',
  default: undefined,
  description: `definitions it has: ${eras.join(' or ')}, or those in the files of a folder`,
}

export const imageOption: OptionSpec = {
  type: 'pairs',
  value: 'IMAGE=COMMAND',
  check: record(text({ noun: 'an image' }), text({ noun: 'a command' })),
  example: 'sei/seiload=./fake-seiload.js',
  description:
    'what an image stands for in pods that run for real: a command of this machine, its words separated by spaces',
}

export const noChaosMeshOption: OptionSpec = {
  type: 'flag',
  description:
    'without the stand-ins for Chaos Mesh’s controllers and admission: the real ones run beside it',
}

/** What `--image` says. */
export function imagesOf(options: OptionValues): ImageCommands {
  const pairs = Object.entries((options['image'] ?? {}) as Readonly<Record<string, string>>)
  return Object.fromEntries(pairs.map(([image, command]) => [image, command.trim().split(/\s+/)]))
}

/** How fast a simulated cluster is. */
export const paceOptions: OptionSpecs = {
  rate: {
    type: 'integer',
    value: 'N',
    minimum: 1,
    maximum: 1_000,
    default: defaults.embeddedRate,
    description: 'simulated milliseconds per real one',
  },
  'block-ms': {
    type: 'integer',
    value: 'MS',
    minimum: 10,
    maximum: 60_000,
    default: defaults.embeddedBlockMs,
    description: 'real milliseconds between blocks of a chain',
  },
}

export const clockOption: OptionSpec = {
  type: 'text',
  value: 'real|virtual',
  check: oneOf(clockKinds),
  example: 'virtual',
  default: undefined,
  description: 'virtual leaps over idle time while something waits for it to pass; not with --envtest',
}

/** What `--clock` says. */
export function clockOf(options: OptionValues): ClockKind | undefined {
  return clockKinds.find((kind) => kind === options['clock'])
}

/** `--name` as a further command has to be given it; nothing for the default. */
export function nameArgument(chosen: string): string {
  return chosen === defaultName ? '' : ` --name ${chosen}`
}
