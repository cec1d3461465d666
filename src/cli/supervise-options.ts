import { record } from '../contract/check-structures.ts'
import { anyText, text } from '../contract/checks.ts'
import { webhook } from '../contract/check-halt-options.ts'
import { defaults } from '../contract/defaults.ts'
import { image, networkName } from '../contract/fields.ts'
import { dns1 } from '../contract/names.ts'
import { contextOption, namespaceOption } from './cluster-options.ts'
import type { OptionSpecs } from './command.ts'

export const superviseOptions: OptionSpecs = {
  act: { type: 'flag', description: 'do what the contract of halts asks, instead of saying it' },
  image: {
    type: 'pairs',
    value: 'PLAN=IMAGE',
    check: record(anyText, image),
    example: 'v7.0=sei/seid:v7.0',
    description: 'image of an upgrade plan',
  },
  'images-from': {
    type: 'text',
    value: 'NAME',
    check: text({ noun: 'the name of a ConfigMap', pattern: dns1 }),
    example: 'seid-images',
    default: undefined,
    description: 'ConfigMap of the namespace that has the image of each plan; instead of --image',
  },
  webhook: {
    type: 'text',
    value: 'URL',
    check: webhook,
    example: 'http://127.0.0.1:9000/pages',
    default: undefined,
    description: 'gets each notification as a POST of JSON',
  },
  linger: {
    type: 'duration',
    value: 'TIME',
    minimum: 0,
    maximum: 24 * 3_600_000,
    default: defaults.haltLingerMs,
    description: 'for how long a pod that halted and stays alive is left to be looked at',
  },
  network: {
    type: 'text',
    value: 'NAME',
    check: networkName,
    example: 'devnet',
    default: undefined,
    description: 'only this network; else every one of the namespace',
  },
  namespace: namespaceOption,
  context: contextOption,
}
