import { bindingGuard, roleGuard } from '../access/escalation.ts'
import { rbacGroup, type Rbac } from '../access/rbac.ts'
import { invalidValue, notSupported, required, type FieldError } from '../field-error.ts'
import { nameProblem } from '../metadata-rules.ts'
import { deepEqual, isRecord, listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill, records } from './builtin.ts'
import type { Strategy } from './strategy.ts'

/** @param namespaced a Role; else a ClusterRole, which may speak of URLs too */
export function roleStrategy(rbac: Rbac, namespaced: boolean): Strategy {
  return builtInStrategy({
    nameRule: 'path',
    createOnUpdate: true,
    // Also of a role without rules a real server shows the field.
    defaults: (role) => fill(role, { rules: null }),
    validate: (role) => [
      ...listAt(role, 'rules').flatMap((rule, index) => ruleErrors(rule, `rules[${index}]`, namespaced)),
      ...(role['aggregationRule'] === undefined ? [] : aggregationErrors(role)),
    ],
    guard: roleGuard(rbac, namespaced ? 'roles' : 'clusterroles'),
  })
}

/** @param namespaced a RoleBinding; else a ClusterRoleBinding, whose role is a ClusterRole */
export function bindingStrategy(rbac: Rbac, namespaced: boolean): Strategy {
  return builtInStrategy({
    nameRule: 'path',
    createOnUpdate: true,
    defaults(binding) {
      fill(ensure(binding, 'roleRef'), { apiGroup: rbacGroup })
      for (const subject of records(binding, 'subjects')) {
        if (subject['kind'] === 'User' || subject['kind'] === 'Group') fill(subject, { apiGroup: rbacGroup })
      }
    },
    validate: (binding, live) => [
      ...roleRefErrors(binding, live, namespaced),
      ...records(binding, 'subjects').flatMap((subject, index) =>
        subjectErrors(subject, `subjects[${index}]`, namespaced),
      ),
    ],
    guard: bindingGuard(rbac, namespaced ? 'rolebindings' : 'clusterrolebindings'),
  })
}

function ruleErrors(rule: unknown, path: string, namespaced: boolean): FieldError[] {
  const given = (field: string): boolean => listAt(rule, field).length > 0
  const errors: FieldError[] = []
  if (!given('verbs')) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  const urls = listAt(rule, 'nonResourceURLs')
  if (urls.length > 0) {
    const wrong = (detail: string): void =>
      void errors.push(invalidValue(`${path}.nonResourceURLs`, urls, detail))
    if (namespaced) wrong('namespaced rules cannot apply to non-resource URLs')
    if (given('apiGroups') || given('resources') || given('resourceNames'))
      wrong('rules cannot apply to both regular resources and non-resource URLs')
    return errors
  }
  if (!given('apiGroups'))
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  if (!given('resources'))
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  return errors
}

const operators: readonly unknown[] = ['In', 'NotIn', 'Exists', 'DoesNotExist']

function aggregationErrors(role: ApiObject): FieldError[] {
  const path = 'aggregationRule.clusterRoleSelectors'
  const selectors = listAt(recordAt(role, 'aggregationRule'), 'clusterRoleSelectors')
  if (selectors.length === 0)
    return [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  return selectors.flatMap((selector, index) => {
    const at = `${path}[${index}]`
    const errors = listAt(selector, 'matchExpressions').flatMap((term, position) => {
      const operator = isRecord(term) ? term['operator'] : undefined
      const field = `${at}.matchExpressions[${position}].operator`
      return operators.includes(operator)
        ? []
        : [invalidValue(field, operator ?? '', 'not a valid selector operator')]
    })
    return errors.length === 0 ? [] : [...errors, invalidValue(at, null, 'invalid label selector.')]
  })
}

function roleRefErrors(binding: ApiObject, live: ApiObject | undefined, namespaced: boolean): FieldError[] {
  const ref = recordAt(binding, 'roleRef')
  const [apiGroup, kind, name] = ['apiGroup', 'kind', 'name'].map((field) => stringAt(ref, field) ?? '')
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  const errors: FieldError[] = []
  if (apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]))
  if (!kinds.includes(kind ?? '')) errors.push(notSupported('roleRef.kind', kind, kinds))
  if (name === '') errors.push(required('roleRef.name'))
  else
    for (const problem of segmentProblems(name ?? ''))
      errors.push(invalidValue('roleRef.name', name, problem))
  if (live !== undefined && !deepEqual(ref, live['roleRef'])) {
    const shown = { APIGroup: apiGroup, Kind: kind, Name: name }
    errors.push(invalidValue('roleRef', shown, 'cannot change roleRef'))
  }
  return errors
}

/** What keeps a name from being one part of a URL's path. */
function segmentProblems(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`)
}

function subjectErrors(subject: Record<string, unknown>, path: string, namespaced: boolean): FieldError[] {
  const [kind = '', name = '', apiGroup = '', namespace = ''] = ['kind', 'name', 'apiGroup', 'namespace'].map(
    (field) => stringAt(subject, field) ?? '',
  )
  const errors = name === '' ? [required(`${path}.name`)] : []
  const requireGroup = (group: string): void => {
    if (apiGroup !== group) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [group]))
  }
  if (kind === 'ServiceAccount') {
    const problem = name === '' ? undefined : nameProblem(name, 'subdomain')
    if (problem !== undefined) errors.push(invalidValue(`${path}.name`, name, problem))
    requireGroup('')
    if (!namespaced && namespace === '') errors.push(required(`${path}.namespace`))
  } else if (kind === 'User' || kind === 'Group') requireGroup(rbacGroup)
  else errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  return errors
}
