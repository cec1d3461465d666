import { text } from '../contract/checks.ts'
import { namespace } from '../contract/fields.ts'
import type { OptionSpec } from './command.ts'

type TextOption = OptionSpec & { readonly type: 'text' }

/** Options of commands that work on the cluster of a kubeconfig, or of the pod that they run in. */
export const namespaceOption: TextOption = {
  type: 'text',
  value: 'NAME',
  check: namespace,
  example: 'nightly',
  default: undefined,
  description: 'namespace; else that of the kubeconfig or the pod',
}

export const contextOption: TextOption = {
  type: 'text',
  value: 'NAME',
  check: text({ noun: 'the name of a context' }),
  example: 'kind-sei',
  default: undefined,
  description: 'context of the kubeconfig; else its current one',
}
