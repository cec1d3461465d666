import { invalidValue, type FieldError } from '../../../apiserver/field-error.ts'
import { isRecord, recordAt, stringAt } from '../../../apiserver/object.ts'

const path = 'Spec.EmbedStatusCheck.HTTPStatusCheck'

/** What Chaos Mesh finds wrong with a StatusCheck, by the paths of its Go fields. */
export function statusCheckErrors(spec: Readonly<Record<string, unknown>>): FieldError[] {
  const type = stringAt(spec, 'type') ?? ''
  if (type !== 'HTTP') return [invalidValue('Spec.type', type, `unrecognized type: ${type}`)]
  const { http } = spec
  if (!isRecord(http)) return [invalidValue('Spec.http', null, 'the detail of http status check is required')]
  const url = stringAt(http, 'url') ?? ''
  const code = stringAt(recordAt(http, 'criteria'), 'statusCode') ?? ''
  const why = codeError(code)
  return [
    ...(url === '' ? [invalidValue(`${path}.url`, url, 'request url is required')] : []),
    ...(url !== '' && !isUrl(url) ? [invalidValue(`${path}.url`, url, 'invalid http request url')] : []),
    ...(why === undefined ? [] : [invalidValue(`${path}.Criteria.StatusCode`, code, why)]),
  ]
}

/** Absolute, or a path from the root: what Go takes for the URI of a request. */
function isUrl(text: string): boolean {
  return text.startsWith('/') || URL.canParse(text)
}

function codeError(text: string): string | undefined {
  if (text === '') return 'status code is required'
  const wrong = (why: string): string => `incorrect status code format: ${why}`
  if (/^[+-]?\d+$/.test(text)) return isCode(text) ? undefined : wrong('invalid status code')
  if (!text.includes('-')) return wrong('not a single number or a range')
  const at = text.indexOf('-')
  for (const end of [text.slice(0, at), text.slice(at + 1)]) {
    if (!/^[+-]?\d+$/.test(end)) return wrong(`strconv.Atoi: parsing ${JSON.stringify(end)}: invalid syntax`)
    if (!isCode(end)) return wrong(`invalid status code range, code: ${Number(end)}`)
  }
  return undefined
}

function isCode(text: string): boolean {
  return Number(text) > 0 && Number(text) < 1000
}
