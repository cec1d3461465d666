import { invalidValue, required, type FieldError } from '../field-error.ts'
import { isRecord, listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { parseFieldSelector, parseLabelSelector } from '../selectors.ts'
import { badRequest, invalid } from '../status-error.ts'
import type { Attributes } from './attributes.ts'
import type { Rbac } from './rbac.ts'
import type { User } from './user.ts'

type Fields = Record<string, unknown>

const group = 'authorization.k8s.io'

/** The status of one of the three access reviews. Throws StatusError 422 for one that does not say what is asked. */
export function accessStatus(rbac: Rbac, review: ApiObject, user: User): object {
  const spec = recordAt(review, 'spec')
  const isSelf = review.kind.startsWith('Self')
  const errors = [
    ...specErrors(spec),
    ...(isSelf ? [] : subjectErrors(spec)),
    ...selectorErrors(spec),
    ...metadataErrors(review),
    ...(review.kind.startsWith('Local') ? localErrors(review, spec) : []),
  ]
  // A real server has forgotten the kind by then.
  if (errors.length > 0) throw invalid({ group, kind: '' }, '', errors)
  const { allowed, reason } = rbac.authorize(isSelf ? user : subjectOf(spec), attributesOf(spec))
  const evaluationError = selectorProblems(recordAt(spec, 'resourceAttributes')).join('; ')
  return {
    allowed,
    ...(reason === '' ? {} : { reason }),
    ...(evaluationError === '' ? {} : { evaluationError }),
  }
}

/** The status of a SelfSubjectRulesReview. Throws StatusError 400 for one without a namespace. */
export function rulesStatus(rbac: Rbac, spec: unknown, user: User): object {
  const namespace = stringAt(spec, 'namespace') ?? ''
  if (namespace === '') throw badRequest('no namespace on request')
  const { rules, error } = rbac.rulesFor(user, namespace)
  return {
    resourceRules: rules.filter(({ resources = [] }) => resources.length > 0),
    nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0),
    incomplete: false,
    ...(error === '' ? {} : { evaluationError: error }),
  }
}

function attributesOf(spec: Fields): Attributes {
  const text = (fields: Fields, field: string): string => stringAt(fields, field) ?? ''
  if (spec['resourceAttributes'] === undefined) {
    const asked = recordAt(spec, 'nonResourceAttributes')
    return { verb: text(asked, 'verb'), path: text(asked, 'path') }
  }
  const asked = recordAt(spec, 'resourceAttributes')
  return {
    verb: text(asked, 'verb'),
    group: text(asked, 'group'),
    resource: text(asked, 'resource'),
    subresource: text(asked, 'subresource'),
    name: text(asked, 'name'),
    namespace: text(asked, 'namespace'),
  }
}

function subjectOf(spec: Fields): User {
  return { username: stringAt(spec, 'user') ?? '', groups: listAt(spec, 'groups').map(String) }
}

function specErrors({ resourceAttributes, nonResourceAttributes }: Fields): FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    const detail = 'cannot be specified in combination with resourceAttributes'
    return [invalidValue('spec.nonResourceAttributes', goPathAttributes(nonResourceAttributes), detail)]
  }
  if (resourceAttributes !== undefined || nonResourceAttributes !== undefined) return []
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [invalidValue('spec.resourceAttributes', null, detail)]
}

/** As Go's internal form is printed. */
function goPathAttributes(attributes: unknown): object {
  return { Path: stringAt(attributes, 'path') ?? '', Verb: stringAt(attributes, 'verb') ?? '' }
}

function subjectErrors(spec: Fields): FieldError[] {
  const { username, groups } = subjectOf(spec)
  if (username !== '' || groups.length > 0) return []
  return [invalidValue('spec.user', '', 'at least one of user or group must be specified')]
}

const selectors = ['fieldSelector', 'labelSelector'] as const

function selectorErrors(spec: Fields): FieldError[] {
  const attributes = recordAt(spec, 'resourceAttributes')
  return selectors.flatMap((field) => {
    if (attributes[field] === undefined) return []
    const path = `spec.resourceAttributes.${field}`
    const selector = recordAt(attributes, field)
    const raw = stringAt(selector, 'rawSelector') ?? ''
    const hasTerms = listAt(selector, 'requirements').length > 0
    if (raw === '' && !hasTerms) {
      const detail = `when ${path} is specified, requirements or rawSelector is required`
      return [required(`${path}.requirements`, detail)]
    }
    if (raw === '' || !hasTerms) return []
    const detail = 'may not specified at the same time as requirements'
    return [invalidValue(`${path}.rawSelector`, raw, detail)]
  })
}

/** Rules know no selectors: one that cannot be read is only mentioned. */
function selectorProblems(attributes: Fields): string[] {
  const parsers = { fieldSelector: parseFieldSelector, labelSelector: parseLabelSelector }
  return selectors.flatMap((field) => {
    try {
      parsers[field](stringAt(recordAt(attributes, field), 'rawSelector') ?? '')
      return []
    } catch {
      return [`spec.resourceAttributes.${field} ignored due to parse error`]
    }
  })
}

function metadataErrors({ kind, metadata }: ApiObject): FieldError[] {
  const isLocal = kind.startsWith('Local')
  const { managedFields: _, namespace, ...rest } = metadata
  const isEmpty = Object.keys(rest).length === 0 && (isLocal || namespace === undefined)
  if (isEmpty) return []
  return [
    invalidValue('metadata', metadata, isLocal ? 'must be empty except for namespace' : 'must be empty'),
  ]
}

function localErrors({ metadata }: ApiObject, spec: Fields): FieldError[] {
  const errors: FieldError[] = []
  const { resourceAttributes, nonResourceAttributes } = spec
  const namespace = stringAt(resourceAttributes, 'namespace') ?? ''
  if (isRecord(resourceAttributes) && namespace !== metadata.namespace) {
    const detail = 'must match metadata.namespace'
    errors.push(invalidValue('spec.resourceAttributes.namespace', namespace, detail))
  }
  if (nonResourceAttributes !== undefined) {
    const shown = goPathAttributes(nonResourceAttributes)
    errors.push(invalidValue('spec.nonResourceAttributes', shown, 'disallowed on this kind of request'))
  }
  return errors
}
