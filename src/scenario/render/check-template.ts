import { isPlainObject, show } from '../../contract/checks.ts'
import { closest } from '../../contract/closest.ts'
import { parseGoDuration } from '../../contract/go-duration.ts'
import { annotations } from '../../contract/labels.ts'
import { checkContainer } from './check-container.ts'
import type { Findings, Path } from './check-workflow.ts'
import { expressionMistake } from './expression.ts'
import { chaosFields, commonFields, endsByDeadline, typeFields } from './template-types.ts'

/** Longest template name that Chaos Mesh can get back from the names of its nodes. */
export const maxTemplateName = 57

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** One template by itself; what it refers to is looked at later. */
export function checkTemplate(template: unknown, path: Path, findings: Findings): void {
  if (!isPlainObject(template))
    return findings.add(
      path,
      `the template is ${show(template)}`,
      'a mapping with name and templateType',
      'write one',
    )
  if (!checkName(template['name'], [...path, 'name'], findings)) return
  const type = template['templateType']
  const known = Object.keys(typeFields)
  if (typeof type !== 'string' || !known.includes(type)) {
    const near = typeof type === 'string' ? closest(type, known) : undefined
    const fix = near === undefined ? 'write one of these' : `did you mean ${near}?`
    return findings.add(
      [...path, 'templateType'],
      `${show(type)} is not a type of template`,
      known.join(', '),
      fix,
    )
  }
  if (!checkFields(template, type, path, findings)) return
  checkDeadline(template['deadline'], type, [...path, 'deadline'], findings)
  checkAnnotations(template, path, findings)
  checkContent(template, type, path, findings)
}

function checkName(name: unknown, path: Path, findings: Findings): boolean {
  const expected = `lower-case letters, digits and dashes, at most ${maxTemplateName} characters`
  if (typeof name !== 'string' || !subdomain.test(name)) {
    findings.add(path, `${show(name)} is not the name of a template`, expected, 'rename it')
    return false
  }
  if (name.length <= maxTemplateName) return true
  findings.add(
    path,
    `${show(name)} has ${name.length} characters`,
    expected,
    `shorten it by ${name.length - maxTemplateName}`,
  )
  return false
}

function checkFields(
  template: Record<string, unknown>,
  type: string,
  path: Path,
  findings: Findings,
): boolean {
  const own = [...commonFields, ...(typeFields[type] ?? [])]
  const strange = Object.keys(template).find((field) => !own.includes(field))
  if (strange === undefined) return true
  const near = closest(strange, own)
  const ofAnother = Object.values(typeFields).flat().includes(strange)
  findings.add(
    [...path, strange],
    `a template of type ${type} has no field ${strange}`,
    own.filter((field) => field !== 'metadata').join(', '),
    ofAnother
      ? `remove it, or correct the templateType`
      : near === undefined
        ? 'remove it'
        : `did you mean ${near}?`,
  )
  return false
}

function checkDeadline(deadline: unknown, type: string, path: Path, findings: Findings): void {
  const expected = 'a duration such as 90s, 25m or 1h30m'
  if (deadline === undefined || deadline === null) {
    if (endsByDeadline(type))
      findings.add(path, `a ${type} without deadline never ends`, expected, 'add a deadline')
    return
  }
  const ms = typeof deadline === 'string' ? parseGoDuration(deadline) : undefined
  if (ms === undefined)
    findings.add(path, `${show(deadline)} is not a duration`, expected, 'write number and unit')
  else if (ms <= 0) findings.add(path, `${show(deadline)} is over at once`, expected, 'write a longer one')
}

function checkAnnotations(template: Record<string, unknown>, path: Path, findings: Findings): void {
  const { metadata } = template
  const inside = isPlainObject(metadata) ? metadata['annotations'] : undefined
  for (const [from, given] of [
    [[...path, 'annotations'], template['annotations']],
    [[...path, 'metadata', 'annotations'], inside],
  ] as const) {
    if (given === undefined || given === null) continue
    if (!isPlainObject(given)) {
      findings.add(from, `the annotations are ${show(given)}`, 'a mapping of texts', 'write key: "value"')
      continue
    }
    for (const [key, value] of Object.entries(given)) checkAnnotation(key, value, [...from, key], findings)
  }
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  [annotations.finally]: ['true', 'false'],
  [annotations.log]: ['large', 'small'],
}

function checkAnnotation(key: string, value: unknown, path: Path, findings: Findings): void {
  const values = allowed[key]
  if (values === undefined) {
    const near = closest(key, Object.keys(allowed))
    const fix = near === undefined ? 'remove it' : `did you mean ${near}?`
    findings.add(path, `a template has no annotation ${key}`, Object.keys(allowed).join(' or '), fix)
  } else if (!values.some((one) => one === value))
    findings.add(
      path,
      `${show(value)} is no value of ${key}`,
      values.map((one) => `"${one}"`).join(' or '),
      'write one of these, in quotes',
    )
}

function checkContent(template: Record<string, unknown>, type: string, path: Path, findings: Findings): void {
  if (type === 'Task') {
    checkTask(template['task'], [...path, 'task'], findings)
    checkBranches(template['conditionalBranches'], [...path, 'conditionalBranches'], findings)
  } else if (type === 'Serial' || type === 'Parallel')
    checkChildren(template['children'], [...path, 'children'], findings)
  else if (type === 'StatusCheck' || type === 'Schedule' || type in chaosFields) {
    const field = chaosFields[type] ?? (type === 'Schedule' ? 'schedule' : 'statusCheck')
    const content = template[field]
    if (!isPlainObject(content))
      findings.add(
        [...path, field],
        `a ${type} has ${show(content)} as its ${field}`,
        `the mapping ${field}`,
        'write it',
      )
    else if (type in chaosFields && content['duration'] !== undefined)
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
  if (branches === undefined || branches === null) return
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
