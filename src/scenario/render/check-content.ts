import { isPlainObject, show } from '../../contract/checks.ts'
import { checkContainer } from './check-container.ts'
import type { Findings } from './check-workflow.ts'
import { expressionMistake } from './expression.ts'
import { chaosFields, isChaosType } from '../../contract/crds/chaos-mesh/template-types.ts'
import type { Path } from './yaml-source.ts'

/** What a template of each type has to hold. */
export function checkContent(
  template: Record<string, unknown>,
  type: string,
  path: Path,
  findings: Findings,
): void {
  if (type === 'Task') {
    checkTask(template['task'], [...path, 'task'], findings)
    checkBranches(template['conditionalBranches'], [...path, 'conditionalBranches'], findings)
  } else if (type === 'Serial' || type === 'Parallel')
    checkChildren(template['children'], [...path, 'children'], findings)
  else if (type === 'StatusCheck' || type === 'Schedule' || isChaosType(type)) {
    const field = isChaosType(type) ? chaosFields[type] : type === 'Schedule' ? 'schedule' : 'statusCheck'
    const content = template[field]
    if (!isPlainObject(content))
      findings.add(
        [...path, field],
        `a ${type} has ${show(content)} as its ${field}`,
        `the mapping ${field}`,
        'write it',
      )
    else if (isChaosType(type) && content['duration'] !== undefined)
      findings.add(
        [...path, field, 'duration'],
        `a fault within a Workflow has a duration`,
        'the deadline of its template instead',
        'remove duration',
      )
  }
}

function checkTask(task: unknown, path: Path, findings: Findings): void {
  if (!isPlainObject(task))
    return findings.add(
      path,
      `the task is ${show(task)}`,
      'a mapping with container',
      'write task: and container: below it',
    )
  const strange = Object.keys(task).find((field) => !['container', 'volumes', 'labels'].includes(field))
  if (strange !== undefined)
    return findings.add(
      [...path, strange],
      `a task has no field ${strange}`,
      'container, volumes, labels',
      'remove it',
    )
  checkContainer(task['container'], [...path, 'container'], findings)
}

function checkChildren(children: unknown, path: Path, findings: Findings): void {
  if (!Array.isArray(children) || children.length === 0)
    return findings.add(
      path,
      `the children are ${show(children)}`,
      'a list of one or more template names',
      'name them',
    )
  for (const [index, child] of children.entries())
    if (typeof child !== 'string')
      findings.add(
        [...path, index],
        `${show(child)} is not a name`,
        'names of templates',
        'write the name alone',
      )
}

function checkBranches(branches: unknown, path: Path, findings: Findings): void {
  if (branches === undefined) return
  if (!Array.isArray(branches))
    return findings.add(
      path,
      `the branches are ${show(branches)}`,
      'a list of target and expression',
      'write a list',
    )
  for (const [index, branch] of branches.entries()) {
    const where = [...path, index]
    if (!isPlainObject(branch) || typeof branch['target'] !== 'string') {
      findings.add(
        where,
        `the branch ${show(branch)} has no target`,
        'target and expression',
        'name a template',
      )
      continue
    }
    const mistake = expressionMistake(branch['expression'])
    if (mistake !== undefined)
      findings.add(
        [...where, 'expression'],
        mistake,
        'a condition such as exitCode == 0: of any other the step never ends',
        'write a condition',
      )
  }
}
