import {
  chaosFields,
  isChaosType,
  type ChaosTemplateType,
} from '../../../../contract/crds/chaos-mesh/template-types.ts'
import { parseGoDuration } from '../../../../contract/go-duration.ts'
import { invalidValue, required, type FieldError } from '../../../apiserver/field-error.ts'
import { nameProblem } from '../../../apiserver/metadata-rules.ts'
import { isRecord, listAt, stringAt } from '../../../apiserver/object.ts'
import { defaultedFault } from './defaults.ts'
import { durationError, faultErrors } from './fault-rules.ts'
import { nilPointer, Panic, zeroValue } from './problems.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What Chaos Mesh finds wrong with a Workflow. It does not look at cycles, at whether a deadline or an expression can be read,
 * nor for the payload of a Task, a StatusCheck or a Schedule. Throws Panic where the real one does.
 */
export function workflowErrors(spec: Fields): FieldError[] {
  const templates = listAt(spec, 'templates').map((one) => (isRecord(one) ? one : {}))
  const names = templates.map((template) => stringAt(template, 'name') ?? '')
  return [...entryErrors(stringAt(spec, 'entry') ?? '', names), ...templatesErrors(templates, names)]
}

function entryErrors(entry: string, names: readonly string[]): FieldError[] {
  return [
    ...(entry === '' ? [required('spec.entry', 'the entry of workflow is required')] : []),
    ...existing(entry, 'spec.entry', names),
  ]
}

function existing(name: string, path: string, names: readonly string[]): FieldError[] {
  return names.includes(name) ? [] : [invalidValue(path, name, `can not find a template with name ${name}`)]
}

function templatesErrors(templates: readonly Fields[], names: readonly string[]): FieldError[] {
  const path = 'spec.templates'
  if (templates.length === 0) return [invalidValue(path, [], 'templates in workflow could not be empty')]
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) < index))].toSorted()
  const why = `template name must be unique, duplicated names: [${twice.join(' ')}]`
  return [
    ...(twice.length === 0 ? [] : [invalidValue(path, '', why)]),
    ...templates.flatMap((template, index) => templateErrors(template, `${path}[${index}]`, names)),
  ]
}

function templateErrors(template: Fields, path: string, names: readonly string[]): FieldError[] {
  const type = stringAt(template, 'templateType') ?? ''
  return [...nameErrors(stringAt(template, 'name') ?? '', path), ...typeErrors(type, template, path, names)]
}

function nameErrors(name: string, path: string): FieldError[] {
  const problems = [
    ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(isSubdomain.test(name) ? [] : [nameProblem('_', 'subdomain') ?? '']),
  ]
  return [
    ...(name === '' ? [required(`${path}.name`, 'name of template is required')] : []),
    ...(problems.length === 0
      ? []
      : [
          invalidValue(
            `${path}.name`,
            name,
            `field name must be DNS-1123 subdomain, [${problems.join(' ')}]`,
          ),
        ]),
  ]
}

const isSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

type Foreign = (template: Fields, path: string) => FieldError[]

const foreign: Readonly<Record<'task' | 'children' | 'branches' | 'chaos' | 'schedule', Foreign>> = {
  task: ({ task }, path) =>
    isRecord(task) ? [invalidValue(path, task, 'this template should not contain Task')] : [],
  children: (template, path) => noList(template, 'children', path, 'Children'),
  branches: (template, path) => noList(template, 'conditionalBranches', path, 'ConditionalBranches'),
  chaos(template, path) {
    const chaos = embedded(template)
    return chaos === undefined
      ? []
      : [invalidValue(path, chaos, 'this template should not contain any Chaos')]
  },
  schedule: ({ schedule }, path) =>
    isRecord(schedule) ? [invalidValue(path, schedule, 'this template should not contain Schedule')] : [],
}

function noList(template: Fields, field: string, path: string, what: string): FieldError[] {
  const list = listAt(template, field)
  return list.length === 0 ? [] : [invalidValue(path, list, `this template should not contain ${what}`)]
}

/** The faults that a template holds, of whatever kind. */
function embedded(template: Fields): Fields | undefined {
  const held = Object.values(chaosFields).filter((field) => isRecord(template[field]))
  return held.length === 0 ? undefined : Object.fromEntries(held.map((field) => [field, template[field]]))
}

function typeErrors(type: string, template: Fields, path: string, names: readonly string[]): FieldError[] {
  const none = (...kinds: readonly (keyof typeof foreign)[]): FieldError[] =>
    kinds.flatMap((kind) => foreign[kind](template, path))
  switch (type) {
    case 'Suspend':
      return [...suspendErrors(template, path), ...none('task', 'children', 'branches', 'chaos', 'schedule')]
    case 'Serial':
    case 'Parallel':
      return [
        ...listAt(template, 'children').flatMap((child, index) =>
          existing(String(child), `${path}.children[${index}]`, names),
        ),
        ...none('task', 'branches', 'chaos', 'schedule'),
      ]
    case 'Schedule':
      return none('task', 'children', 'branches', 'chaos')
    case 'StatusCheck':
      return none('task', 'children', 'branches', 'chaos', 'schedule')
    case 'Task':
      return none('children', 'chaos', 'schedule')
    default:
      return isChaosType(type)
        ? [
            ...durationErrors(type, template, path),
            ...none('task', 'children', 'branches', 'schedule'),
            ...specErrors(type, template),
          ]
        : [invalidValue(`${path}.templateType`, type, `unrecognized template type: ${type}`)]
  }
}

function suspendErrors({ deadline }: Fields, path: string): FieldError[] {
  if (typeof deadline === 'string' && deadline !== '') return []
  const why = 'deadline in template with type Suspend could not be empty'
  return [invalidValue(`${path}.deadline`, deadline ?? null, why)]
}

function durationErrors(type: ChaosTemplateType, template: Fields, path: string): FieldError[] {
  if (embedded(template) === undefined) throw new Panic(zeroValue)
  const spec = template[chaosFields[type]]
  if (!isRecord(spec)) throw new Panic(nilPointer)
  const { duration } = spec
  if (typeof duration !== 'string') return []
  const ms = parseGoDuration(duration)
  if (ms === undefined) return [invalidValue(path, '', durationError(duration))]
  const why = 'should not define duration in chaos when using Workflow, use Template#Deadline instead.'
  return [invalidValue(path, ms * 1_000_000, why)]
}

/** Judged with what is filled in where it has no namespace of its own. */
function specErrors(type: ChaosTemplateType, template: Fields): FieldError[] {
  const spec = template[chaosFields[type]]
  return isRecord(spec) ? faultErrors(type, defaultedFault(type, spec, '')) : []
}
