import { chaosFields, isChaosType } from '../../../../contract/crds/chaos-mesh/template-types.ts'
import { parseGoDuration } from '../../../../contract/go-duration.ts'
import { invalidValue, type FieldError } from '../../../apiserver/field-error.ts'
import { isRecord, stringAt } from '../../../apiserver/object.ts'
import { defaultedFault } from './defaults.ts'
import { durationError, faultErrors } from './fault-rules.ts'
import { nilPointer, Panic } from './problems.ts'

type Fields = Readonly<Record<string, unknown>>

/** What Chaos Mesh finds wrong with a Schedule. Of its cron fields only their number is looked at here. Throws Panic. */
export function scheduleErrors(spec: Fields): FieldError[] {
  const text = stringAt(spec, 'schedule') ?? ''
  const why = cronError(text)
  return [
    ...(why === undefined ? [] : [invalidValue('spec.schedule', text, `parse schedule field error:${why}`)]),
    ...madeErrors(stringAt(spec, 'type') ?? '', spec),
  ]
}

const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

function cronError(text: string): string | undefined {
  if (text === '') return 'empty spec string'
  const every = /^@every (.*)$/.exec(text)?.[1]
  if (every !== undefined) {
    if (parseGoDuration(every) !== undefined) return undefined
    return `failed to parse duration ${text}: ${durationError(every)}`
  }
  if (text.startsWith('@')) return descriptors.includes(text) ? undefined : `unrecognized descriptor: ${text}`
  const fields = text.split(/\s+/).filter((field) => field !== '')
  if (fields.length === 5 || fields.length === 6) return undefined
  return `expected 5 to 6 fields, found ${fields.length}: [${fields.join(' ')}]`
}

function madeErrors(type: string, spec: Fields): FieldError[] {
  if (type === 'Workflow') return []
  if (!isChaosType(type)) {
    const why = `unknown template type ${type}: invalid value`
    return [invalidValue('spec', {}, why)]
  }
  const made = spec[chaosFields[type]]
  if (!isRecord(made)) throw new Panic(nilPointer)
  return faultErrors(type, defaultedFault(type, made, ''))
}
