import { oneOf } from '../contract/checks.ts'
import { identityVariables } from '../contract/scenario-names.ts'
import { contextOption, namespaceOption } from './cluster-options.ts'
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
  context: contextOption,
  namespace: { ...namespaceOption, env: identityVariables.namespace },
}
