import { isPlainObject, show } from '../../contract/checks.ts'
import { closest } from '../../contract/closest.ts'
import { parseGoDuration } from '../../contract/go-duration.ts'
import { annotations } from '../../contract/labels.ts'
import { checkContent } from './check-content.ts'
import type { Findings } from './check-workflow.ts'
import { commonFields, endsByDeadline, typeFields } from './template-types.ts'
import type { Path } from './yaml-source.ts'

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
  if (deadline === undefined) {
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
    if (given === undefined) continue
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
