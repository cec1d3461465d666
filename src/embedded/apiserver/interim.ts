import type { KubeObject } from '../../contract/objects.ts'
import { isRecord } from './object.ts'
export type MergeSchema = object
export function mergeSchemaOf(_: unknown): MergeSchema {
  return {}
}
export function builtInMergeSchema(_a: string, _b: string): MergeSchema {
  return {}
}
export function trackUpdate<T extends KubeObject>(o: {
  before?: KubeObject
  after: T
  manager: string
  subresource?: string
  apiVersion: string
  schema: MergeSchema
  now: Date
}): T {
  return o.after
}
export function applyMergePatch<T>(object: T, patch: unknown): T {
  if (!isRecord(patch)) return patch as T
  const out: Record<string, unknown> = isRecord(object) ? { ...object } : {}
  for (const [k, v] of Object.entries(patch)) {
    if (v === null) delete out[k]
    else out[k] = applyMergePatch(out[k], v)
  }
  return out as T
}
export function applyStrategicMergePatch<T>(object: T, patch: unknown, _s: MergeSchema): T {
  return applyMergePatch(object, patch)
}
export function applyJsonPatch<T>(object: T, _ops: unknown): T {
  return object
}
export function serverSideApply(o: { live?: KubeObject; config: KubeObject; [k: string]: unknown }): { object: KubeObject } {
  return { object: applyMergePatch(o.live ?? {}, o.config) as KubeObject }
}
