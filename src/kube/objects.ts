import { apiVersionOf, type ObjectRef, type ResourceType } from '../contract/kinds.ts'
import type { KubeList, KubeObject } from '../contract/objects.ts'
import type { ListOptions } from './types.ts'

/** Key of an object in caches: unique within one type. */
export function keyOf(ref: ObjectRef): string {
  return `${ref.namespace ?? ''}/${ref.name}`
}

/** `seinodes.sei.io ns/name`, for messages. */
export function describeTarget(type: ResourceType, ref: Partial<ObjectRef>): string {
  const resource = type.group === '' ? type.plural : `${type.plural}.${type.group}`
  const name = [ref.namespace, ref.name].filter((part) => part !== undefined).join('/')
  return name === '' ? resource : `${resource} ${name}`
}

/** Query string with its `?`, of the values that are there. */
export function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  let query = ''
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue
    query += `${query === '' ? '?' : '&'}${key}=${encodeURIComponent(value)}`
  }
  return query
}

export function selectorsOf(options: ListOptions): Record<string, string | undefined> {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector }
}

/** Items of lists may leave out their header: servers do so for built-in kinds. */
export function fillHeaders<T extends KubeObject>(type: ResourceType, list: KubeList<T>): KubeList<T> {
  const apiVersion = apiVersionOf(type)
  for (const item of list.items) {
    item.apiVersion ??= apiVersion
    item.kind ??= type.kind
  }
  return list
}
