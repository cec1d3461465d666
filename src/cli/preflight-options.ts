import { oneOf, text } from '../contract/checks.ts'
import type { OptionSpecs } from './command.ts'

export const preflightOptions: OptionSpecs = {
  for: {
    type: 'text',
    value: 'task|caller',
    check: oneOf(['task', 'caller']),
    example: 'task',
    default: 'task',
    description: 'whose rights: those of the account of Task pods, or those of workflow-run',
  },
  context: {
    type: 'text',
    value: 'NAME',
    check: text({ noun: 'a context' }),
    example: 'kind-kind',
    default: undefined,
    description: 'kubeconfig context; else the current one, or the pod’s own cluster',
  },
  namespace: {
    type: 'text',
    value: 'NAME',
    check: text({ noun: 'a namespace' }),
    example: 'nightly',
    default: undefined,
    description: 'else SEI_NAMESPACE, else that of the context or of the pod',
  },
}
