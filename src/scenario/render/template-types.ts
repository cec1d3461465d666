import { chaosFields, isChaosType } from '../../contract/crds/chaos-mesh/template-types.ts'

/** Fields that one type of template has for itself; what they hold is an object unless noted. */
export const typeFields: Readonly<Record<string, readonly string[]>> = {
  Task: ['task', 'conditionalBranches'],
  Serial: ['children'],
  Parallel: ['children'],
  Suspend: [],
  StatusCheck: ['statusCheck', 'abortWithStatusCheck'],
  Schedule: ['schedule'],
  ...Object.fromEntries(Object.entries(chaosFields).map(([type, field]) => [type, [field]])),
}

/** Fields of every template; the last two are of scenarios' sources only, and never reach a cluster. */
export const commonFields: readonly string[] = ['name', 'templateType', 'deadline', 'annotations', 'metadata']

/** Types whose nodes only ever end by a deadline. */
export function endsByDeadline(type: string): boolean {
  return type === 'Suspend' || type === 'Schedule' || isChaosType(type)
}
