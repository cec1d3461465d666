import { parseGoDuration } from '../../../../contract/go-duration.ts'
import { invalidValue, type FieldError } from '../../../apiserver/field-error.ts'
import { isRecord, recordAt, stringAt } from '../../../apiserver/object.ts'

type Fields = Readonly<Record<string, unknown>>
type Check = (value: unknown, path: string) => FieldError[]

/**
 * What Chaos Mesh finds wrong with the spec of a fault. Paths are those of its Go fields, from the top: that is how it names
 * them, also within a Workflow.
 */
export function faultErrors(kind: string, spec: Fields): FieldError[] {
  return rules[kind]?.(spec) ?? []
}

const rules: Readonly<Record<string, (spec: Fields) => FieldError[]>> = {
  PodChaos: (spec) => [
    ...namedContainers(spec),
    ...duration(spec['duration'], 'Spec.Duration'),
    ...modeErrors(spec, 'Spec.ContainerSelector.PodSelector'),
  ],
  NetworkChaos: networkErrors,
  StressChaos: (spec) => [
    ...stressorErrors(spec),
    ...duration(spec['duration'], 'Spec.Duration'),
    ...modeErrors(spec, 'Spec.ContainerSelector.PodSelector'),
    ...sizeErrors(recordAt(recordAt(spec, 'stressors'), 'memory')),
  ],
  // Its duration is not looked at.
  TimeChaos: (spec) => [
    ...offsetErrors(spec['timeOffset']),
    ...modeErrors(spec, 'Spec.ContainerSelector.PodSelector'),
  ],
}

function namedContainers(spec: Fields): FieldError[] {
  const { action, containerNames } = spec
  if (action !== 'container-kill' || (Array.isArray(containerNames) && containerNames.length > 0)) return []
  const why = `the name of container is empty on ${action} action: invalid value`
  return [invalidValue('Spec.containerNames', null, why)]
}

function modeErrors(spec: Fields, path: string): FieldError[] {
  const mode = stringAt(spec, 'mode') ?? ''
  const value = stringAt(spec, 'value') ?? ''
  const field = `${path}.value`
  const isPercent = mode === 'fixed-percent' || mode === 'random-max-percent'
  if (mode !== 'fixed' && !isPercent) return []
  const number = wholeNumber(value)
  if (typeof number === 'string') return [invalidValue(field, value, `parse value field error:${number}`)]
  if (mode === 'fixed' && number <= 0)
    return [invalidValue(field, value, 'value must be greater than 0 with mode:fixed')]
  if (isPercent && (number <= 0 || number > 100)) {
    const why = `value of ${number} is invalid, Must be (0,100] with mode:${mode}`
    return [invalidValue(field, value, why)]
  }
  return []
}

/** As strconv.Atoi reads it, or what that says. */
function wholeNumber(text: string, parse = 'Atoi'): number | string {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  return `strconv.${parse}: parsing ${JSON.stringify(text)}: invalid syntax`
}

const duration: Check = (value, path) => {
  if (typeof value !== 'string' || value === '' || parseGoDuration(value) !== undefined) return []
  return [invalidValue(path, value, `parse duration field error: ${durationError(value)}`)]
}

/** What Go says of a duration that is none. */
export function durationError(text: string): string {
  const quoted = JSON.stringify(text)
  const rest = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*(.*)$/.exec(text)?.[1] ?? text
  const number = /^(?:\d+(?:\.\d*)?|\.\d+)(.*)$/.exec(rest)
  if (number === null) return `time: invalid duration ${quoted}`
  const unit = /^[^\d.]*/.exec(number[1] ?? '')?.[0] ?? ''
  return unit === ''
    ? `time: missing unit in duration ${quoted}`
    : `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`
}

const offsetErrors = (value: unknown): FieldError[] => {
  const text = typeof value === 'string' ? value : ''
  if (parseGoDuration(text) !== undefined) return []
  return [invalidValue('Spec.TimeOffset', text, `parse timeOffset field error:${durationError(text)}`)]
}

function stressorErrors(spec: Fields): FieldError[] {
  const { stressors } = spec
  if (!isRecord(stressors)) {
    const isRaw = (stringAt(spec, 'stressngStressors') ?? '') !== ''
    return isRaw ? [] : [invalidValue('Spec', spec, 'missing stressors')]
  }
  const isEmpty = stressors['memory'] === undefined && stressors['cpu'] === undefined
  return isEmpty ? [invalidValue('Spec.Stressors', stressors, 'missing stressors')] : []
}

function sizeErrors(memory: Fields): FieldError[] {
  const size = stringAt(memory, 'size') ?? ''
  const wrong = (why: string): FieldError[] => [
    invalidValue('Spec.Stressors.MemoryStressor.Size', size, `incorrect bytes format: ${why}`),
  ]
  if (size === '') return []
  if (size.endsWith('%')) {
    const percent = wholeNumber(size.slice(0, -1))
    if (typeof percent === 'string') return wrong(percent)
    return percent > 100 || percent < 0 ? wrong('illegal proportion') : []
  }
  return /^\d+(\.\d+)?\s?([kmgtp]?i?b?)$/i.test(size) ? [] : wrong(`invalid size: '${size}'`)
}

const number: Check = (value, path) => {
  const text = typeof value === 'string' ? value : ''
  if (text.trim() !== '' && Number.isFinite(Number(text))) return []
  const why = `strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`
  return [invalidValue(path, text, `parse correlation field error:${why}`)]
}

const rate: Check = (value, path) => {
  const text = typeof value === 'string' ? value : ''
  const found = /^(.*?)(kbit|mbit|gbit|tbit|tbps|gbps|mbps|kbps|bps|bit)$/.exec(text.trim().toLowerCase())
  const amount = found === null ? 'invalid unit' : wholeNumber((found[1] ?? '').trim(), 'ParseUint')
  if (typeof amount === 'number') return []
  return [invalidValue(path, text, `parse rate field error:${amount}`)]
}

/** What each parameter of traffic control holds, field by field, with Go's names. */
const parameters: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Delay: { Latency: duration, Correlation: number, Jitter: duration },
  Loss: { Loss: number, Correlation: number },
  Duplicate: { Duplicate: number, Correlation: number },
  Corrupt: { Corrupt: number, Correlation: number },
  Rate: { Rate: rate },
  Bandwidth: { Rate: rate },
}

function networkErrors(spec: Fields): FieldError[] {
  return [
    ...directionErrors(spec),
    ...duration(spec['duration'], 'Spec.Duration'),
    ...modeErrors(spec, 'Spec.PodSelector'),
    ...(isRecord(spec['target']) ? modeErrors(spec['target'], 'Spec.Target') : []),
    ...Object.entries(parameters).flatMap(([name, fields]) => parameterErrors(spec, name, fields)),
    ...reorderErrors(spec),
  ]
}

function directionErrors(spec: Fields): FieldError[] {
  const { action, direction, externalTargets, target } = spec
  if (action === 'partition' || (direction !== 'from' && direction !== 'both')) return []
  const wrong = (why: string): FieldError => invalidValue('Spec.direction', direction, why)
  return [
    ...(externalTargets === undefined
      ? []
      : [wrong('external targets cannot be used with `from` and `both` direction in netem action yet')]),
    ...(target === undefined
      ? [wrong('`from` and `both` direction cannot be used when targets is empty in netem action')]
      : []),
  ]
}

function parameterErrors(spec: Fields, name: string, fields: Readonly<Record<string, Check>>): FieldError[] {
  const value = spec[name.toLowerCase()]
  if (!isRecord(value)) return []
  return Object.entries(fields).flatMap(([field, check]) =>
    check(value[field.toLowerCase()], `Spec.TcParameter.${name}.${field}`),
  )
}

function reorderErrors(spec: Fields): FieldError[] {
  const { reorder } = recordAt(spec, 'delay')
  if (!isRecord(reorder)) return []
  const path = 'Spec.TcParameter.Delay.Reorder'
  return [
    ...number(reorder['reorder'], `${path}.Reorder`),
    ...number(reorder['correlation'], `${path}.Correlation`),
  ]
}
