import { invalidValue, notSupported, required, type FieldError } from '../field-error.ts'
import { nameProblem } from '../metadata-rules.ts'
import { isRecord, listAt, recordAt, stringAt } from '../object.ts'
import { builtInStrategy, ensure, fill, records } from './builtin.ts'
import type { Strategy } from './strategy.ts'

/** @param mutating of a MutatingWebhookConfiguration; else of a ValidatingWebhookConfiguration */
export function webhookConfigurationStrategy(mutating: boolean): Strategy {
  return builtInStrategy({
    counted: true,
    defaults(configuration) {
      for (const hook of records(configuration, 'webhooks')) defaultHook(hook, mutating)
    },
    validate(configuration) {
      const hooks = records(configuration, 'webhooks')
      const names = hooks.map((hook) => stringAt(hook, 'name') ?? '')
      return hooks.flatMap((hook, index) => [
        ...hookErrors(hook, `webhooks[${index}]`, mutating),
        ...duplicateName(names, index),
      ])
    },
  })
}

function defaultHook(hook: Record<string, unknown>, mutating: boolean): void {
  fill(hook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 })
  fill(hook, { namespaceSelector: {}, objectSelector: {} })
  if (mutating) fill(hook, { reinvocationPolicy: 'Never' })
  const { service } = ensure(hook, 'clientConfig')
  if (isRecord(service)) fill(service, { port: 443 })
  for (const rule of records(hook, 'rules')) fill(rule, { scope: '*' })
}

function duplicateName(names: readonly string[], index: number): FieldError[] {
  const name = names[index] ?? ''
  if (name === '' || names.indexOf(name) === index) return []
  return [{ type: 'FieldValueDuplicate', field: `webhooks[${index}].name`, badValue: name, detail: '' }]
}

const noSideEffects = ['None', 'NoneOnDryRun']
const reviewVersions = ['v1', 'v1beta1']

function hookErrors(hook: Record<string, unknown>, path: string, mutating: boolean): FieldError[] {
  const choice = (field: string, allowed: readonly string[]): FieldError[] => {
    const value = hook[field]
    if (value === undefined || allowed.includes(String(value))) return []
    return [notSupported(`${path}.${field}`, value, allowed)]
  }
  const { timeoutSeconds, sideEffects } = hook
  const isTimely = typeof timeoutSeconds === 'number' && timeoutSeconds >= 1 && timeoutSeconds <= 30
  const limits = 'the timeout value must be between 1 and 30 seconds'
  return [
    ...nameErrors(stringAt(hook, 'name') ?? '', `${path}.name`),
    ...listAt(hook, 'rules').flatMap((rule, index) => ruleErrors(rule, `${path}.rules[${index}]`)),
    ...choice('failurePolicy', ['Fail', 'Ignore']),
    ...choice('matchPolicy', ['Equivalent', 'Exact']),
    ...(sideEffects === undefined
      ? [required(`${path}.sideEffects`, `must specify one of ${noSideEffects.join(', ')}`)]
      : choice('sideEffects', noSideEffects)),
    ...(isTimely ? [] : [invalidValue(`${path}.timeoutSeconds`, timeoutSeconds, limits)]),
    ...(mutating ? choice('reinvocationPolicy', ['IfNeeded', 'Never']) : []),
    ...clientErrors(recordAt(hook, 'clientConfig'), `${path}.clientConfig`),
    ...versionErrors(listAt(hook, 'admissionReviewVersions'), `${path}.admissionReviewVersions`),
  ]
}

function nameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)]
  const problem = nameProblem(name, 'subdomain')
  if (problem !== undefined) return [invalidValue(path, name, problem)]
  const why = 'should be a domain with at least three segments separated by dots'
  return name.split('.').length < 3 ? [invalidValue(path, name, why)] : []
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

function ruleErrors(rule: unknown, path: string): FieldError[] {
  const errors: FieldError[] = []
  const wanted = (field: string, what: string): readonly unknown[] => {
    const values = listAt(rule, field)
    if (values.length === 0) errors.push(required(`${path}.${field}`))
    if (values.length > 1 && values.includes('*')) {
      const why = `if '*' is present, must not specify other ${what}`
      errors.push(invalidValue(`${path}.${field}`, values, why))
    }
    return values
  }
  for (const [index, operation] of wanted('operations', 'operations').entries()) {
    if (operations.includes(String(operation))) continue
    errors.push(notSupported(`${path}.operations[${index}]`, operation, operations))
  }
  wanted('apiGroups', 'API groups')
  for (const [index, version] of wanted('apiVersions', 'API versions').entries())
    if (version === '') errors.push(required(`${path}.apiVersions[${index}]`))
  errors.push(...resourceErrors(listAt(rule, 'resources').map(String), `${path}.resources`))
  const scope = stringAt(rule, 'scope') ?? '*'
  if (!scopes.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, scopes))
  return errors
}

function resourceErrors(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)]
  const errors: FieldError[] = []
  const before = new Set<string>()
  for (const [index, name] of resources.entries()) {
    if (name === '') errors.push(required(`${path}[${index}]`))
    const [resource = '', subresource] = name.split('/', 2)
    if (subresource === undefined) continue
    for (const wildcard of [`${resource}/*`, `*/${subresource}`]) {
      if (!before.has(wildcard)) continue
      const why = `if '${wildcard}' is present, must not specify ${name}`
      errors.push(invalidValue(`${path}[${index}]`, name, why))
    }
    before.add(name)
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"))
  if (resources.includes('*') && resources.some((name) => name !== '*' && !name.includes('/'))) {
    const why = "if '*' is present, must not specify other resources without subresources"
    errors.push(invalidValue(path, resources, why))
  }
  return errors
}

function clientErrors(client: Record<string, unknown>, path: string): FieldError[] {
  const { url, service } = client
  if ((url === undefined) === (service === undefined))
    return [required(path, 'exactly one of url or service is required')]
  if (service === undefined) return urlErrors(String(url), `${path}.url`)
  const missing = ['name', 'namespace'].filter((field) => (stringAt(service, field) ?? '') === '')
  return missing.map((field) => required(`${path}.service.${field}`))
}

const form = '; desired format: https://host[/path]'

function urlErrors(text: string, path: string): FieldError[] {
  const [, scheme = '', authority = ''] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?/i.exec(text) ?? []
  const [, query = ''] = /\?([^#]*)/.exec(text) ?? []
  const [, fragment = ''] = /#(.*)/.exec(text) ?? []
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  const errors: FieldError[] = []
  const wrong = (value: string, why: string): void => void errors.push(invalidValue(path, value, why))
  if (scheme !== 'https') wrong(scheme, `'https' is the only allowed URL scheme${form}`)
  if (host === '') wrong(host, `host must be specified${form}`)
  if (at !== -1) wrong(authority.slice(0, at), 'user information is not permitted in the URL')
  if (fragment !== '') wrong(fragment, 'fragments are not permitted in the URL')
  if (query !== '') wrong(query, 'query parameters are not permitted in the URL')
  return errors
}

function versionErrors(versions: readonly unknown[], path: string): FieldError[] {
  const known = reviewVersions.join(', ')
  if (versions.length === 0) return [required(path, `must specify one of ${known}`)]
  const twice = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalidValue(`${path}[${index}]`, version, 'duplicate version')]
      : [],
  )
  if (versions.some((version) => reviewVersions.includes(String(version)))) return twice
  return [...twice, invalidValue(path, versions, `must include at least one of ${known}`)]
}
