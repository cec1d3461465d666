/** One resource as the server serves it: what routing, discovery, OpenAPI and tables need to know about a kind. */
export interface ServedResource {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly listKind: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** `status`, `scale`, `log`, `finalize`, `binding`, `eviction`: without the plural. */
  readonly subresources: readonly string[]
  /** `openAPIV3Schema` of a custom resource's version; absent on built-in kinds. */
  readonly openAPIV3Schema?: JsonObject | undefined
}

/** Any JSON value that came over the wire or goes over it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** `v1` for the core group, `<group>/<version>` elsewhere. */
export function groupVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** `plural` for the core group, `plural.group` elsewhere: how messages name a resource. */
export function qualifiedPlural(resource: { readonly group: string; readonly plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

/** `Kind` for the core group, `Kind.group` elsewhere. */
export function qualifiedKind(resource: { readonly group: string; readonly kind: string }): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`
}
