import type { ServerContext } from '../context.ts'
import { keyFor, type ApiObject } from '../object.ts'
import type { Resource } from '../resource-type.ts'
import { notFound } from '../status-error.ts'
import type { Attributes } from './attributes.ts'
import type { Hook, Rule } from './hooks.ts'

/** Webhooks cannot be asked about who is asked. */
export function isExempt({ group, plural }: Resource): boolean {
  return (
    group === 'admissionregistration.k8s.io' &&
    (plural === 'mutatingwebhookconfigurations' || plural === 'validatingwebhookconfigurations')
  )
}

/** The resource in whose form a hook wants to see a write; `undefined` where no rule of it matches. */
export function wantedResource(
  { registry }: Pick<ServerContext, 'registry'>,
  hook: Hook,
  attributes: Attributes,
): Resource | undefined {
  const { resource } = attributes
  if (hook.rules.some((rule) => ruleMatches(rule, resource, attributes))) return resource
  if (!hook.isEquivalent) return undefined
  const equivalents = registry
    .all()
    .filter((other) => other !== resource && other.collection === resource.collection)
  for (const rule of hook.rules) {
    const found = equivalents.find((other) => ruleMatches(rule, other, attributes))
    if (found !== undefined) return found
  }
  return undefined
}

function ruleMatches(rule: Rule, resource: Resource, attributes: Attributes): boolean {
  const has = (values: readonly string[], value: string): boolean =>
    values.includes('*') || values.includes(value)
  return (
    inScope(rule.scope, resource, attributes) &&
    has(rule.operations, attributes.operation) &&
    has(rule.apiGroups, resource.group) &&
    has(rule.apiVersions, resource.version) &&
    rule.resources.some((name) => resourceMatches(name, resource.plural, attributes.subresource))
  )
}

function resourceMatches(name: string, plural: string, subresource: string): boolean {
  const [wanted = '', wantedSub = ''] = name.split('/', 2)
  return (wanted === '*' || wanted === plural) && (wantedSub === '*' || wantedSub === subresource)
}

function inScope(scope: string, { group, plural }: Resource, { namespace }: Attributes): boolean {
  if (scope === '*') return true
  const isNamespaced = namespace !== '' && !(group === '' && plural === 'namespaces')
  return (scope === 'Namespaced') === isNamespaced
}

/** Whether the selectors of a hook take the write. Throws StatusError 404 for a namespace that is not there. */
export function isSelected(
  { store }: Pick<ServerContext, 'store'>,
  hook: Hook,
  attributes: Attributes,
  { object, old }: { readonly object: ApiObject | undefined; readonly old: ApiObject | undefined },
): boolean {
  const { objects, namespaces } = hook
  const labelled = [object, old].filter((one) => one !== undefined)
  if (objects !== undefined && !labelled.some(({ metadata }) => objects(metadata.labels ?? {}))) return false
  if (namespaces === undefined) return true
  const { namespace, operation, resource, subresource } = attributes
  if (namespace === '') return true
  const isNamespace = resource.group === '' && resource.plural === 'namespaces'
  if (isNamespace && subresource === '' && operation !== 'DELETE')
    return namespaces(object?.metadata.labels ?? {})
  const found = store.collection('namespaces').get(keyFor(undefined, namespace))
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace)
  return namespaces(found.metadata.labels ?? {})
}
