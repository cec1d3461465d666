import type { ServerContext } from './context.ts'
import { initialStatus, isEstablished } from './definition-status.ts'
import type { FieldError } from './field-error.ts'
import { customStrategy, selectableFieldsOf, versionEntry } from './kinds/custom.ts'
import { mergeSchemaOf } from './managed-fields/crd-merge-schema.ts'
import {
  deepEqual,
  isRecord,
  keyOf,
  listAt,
  recordAt,
  stringAt,
  timestamp,
  type ApiObject,
} from './object.ts'
import type { Resource, ScalePaths } from './resource-type.ts'
import type { JsonObject } from './resource.ts'
import { compileCrd, type CompiledCrd, type CompiledVersion } from './schema/compile-crd.ts'
import type { Collection } from './store.ts'
import { customTable } from './tables/custom-table.ts'
import { isFinished } from './verbs/update.ts'

const cleanup = 'customresourcecleanup.apiextensions.k8s.io'
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

interface Compiled {
  readonly versions: unknown
  readonly crd: CompiledCrd
}

/**
 * Serves what CustomResourceDefinitions define: compiles them, establishes them, and on deletion removes their objects
 * first. What follows a write happens in the microtask after it, so before any later request.
 */
export class Definitions {
  readonly #context: ServerContext
  readonly #collection: Collection
  readonly #compiled = new Map<string, Compiled>()
  readonly #cleaning = new Map<string, () => void>()

  constructor(context: ServerContext) {
    this.#context = context
    this.#collection = context.store.collection('customresourcedefinitions.apiextensions.k8s.io')
    this.#collection.listen((change) => queueMicrotask(() => this.#sync(change.key)))
  }

  /** What is wrong with a definition's shape. */
  errorsOf(definition: ApiObject): readonly FieldError[] {
    return this.#compile(definition).errors
  }

  /** What is wrong with its rules and patterns; resolves when its objects can be judged. */
  async prepare(definition: ApiObject): Promise<readonly FieldError[]> {
    return this.#compile(definition).ready
  }

  #compile(definition: ApiObject): CompiledCrd {
    const { name } = definition.metadata
    const versions = recordAt(definition, 'spec')['versions']
    const known = this.#compiled.get(name)
    if (known !== undefined && deepEqual(known.versions, versions)) return known.crd
    const crd = compileCrd(definition)
    this.#compiled.set(name, { versions, crd })
    return crd
  }

  #sync(key: string): void {
    const definition = this.#collection.get(key)
    if (definition === undefined) {
      this.#withdraw(key.slice(key.indexOf('/') + 1))
      return
    }
    if (!isEstablished(definition)) {
      this.#establish(definition)
      return
    }
    this.#serve(definition)
    if (definition.metadata.deletionTimestamp !== undefined) this.#clean(definition)
  }

  #establish(definition: ApiObject): void {
    const status = initialStatus(definition, this.#context.registry.all(), this.#context.now())
    const before = recordAt(definition, 'status')
    // A refused definition is looked at again whenever another one goes.
    if (!isEstablished({ ...definition, status }) && listAt(before, 'conditions').length > 0) return
    this.#collection.put({ ...definition, metadata: { ...definition.metadata }, status })
  }

  #serve(definition: ApiObject): void {
    const spec = recordAt(definition, 'spec')
    const group = stringAt(spec, 'group') ?? ''
    const plural = stringAt(recordAt(spec, 'names'), 'plural') ?? ''
    const compiled = this.#compile(definition)
    for (const version of compiled.versions.values()) {
      const apiVersion = `${group}/${version.name}`
      if (version.served) this.#context.registry.add(this.#resourceOf(definition, version))
      else this.#context.registry.remove(apiVersion, plural)
    }
  }

  #resourceOf(definition: ApiObject, version: CompiledVersion): Resource {
    const spec = recordAt(definition, 'spec')
    const names = recordAt(spec, 'names')
    const [group = '', kind = '', plural = ''] = [spec['group'], names['kind'], names['plural']].map(String)
    const apiVersion = `${group}/${version.name}`
    const entry = versionEntry(definition, version.name)
    const scale = scaleOf(entry)
    return {
      group,
      version: version.name,
      kind,
      plural,
      singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
      listKind: stringAt(names, 'listKind') ?? `${kind}List`,
      shortNames: listAt(names, 'shortNames').map(String),
      categories: listAt(names, 'categories').map(String),
      namespaced: spec['scope'] === 'Namespaced',
      verbs,
      subresources: version.subresources,
      openAPIV3Schema: version.schema as JsonObject | undefined,
      apiVersion,
      collection: this.#context.store.collection(`${plural}.${group}`),
      strategy: customStrategy({ kind, version: version.name }, version, selectableFieldsOf(entry)),
      mergeSchema: mergeSchemaOf(version.schema),
      custom: true,
      terminating: definition.metadata.deletionTimestamp !== undefined,
      ...(scale === undefined ? {} : { scale }),
      table: customTable(version.printerColumns),
      // Versions differ in name only: there is no conversion but `None`.
      fromStored: (object) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion }),
    }
  }

  /** Deletes the objects of a terminating definition, then the definition once the last of them is gone. */
  #clean(definition: ApiObject): void {
    const { name } = definition.metadata
    if (this.#cleaning.has(name) || !(definition.metadata.finalizers ?? []).includes(cleanup)) return
    const spec = recordAt(definition, 'spec')
    const plural = stringAt(recordAt(spec, 'names'), 'plural') ?? ''
    const objects = this.#context.store.collection(`${plural}.${stringAt(spec, 'group') ?? ''}`)
    const finish = (): void => {
      if (objects.size === 0) this.#release(name)
    }
    this.#cleaning.set(
      name,
      objects.listen((change) => {
        if (change.type === 'DELETED') queueMicrotask(finish)
      }),
    )
    for (const object of objects.list()) terminate(objects, object, this.#context.now())
    finish()
  }

  #release(name: string): void {
    this.#cleaning.get(name)?.()
    this.#cleaning.delete(name)
    const definition = this.#collection.get(`/${name}`)
    if (definition === undefined) return
    const { finalizers = [], ...rest } = definition.metadata
    const kept = finalizers.filter((finalizer) => finalizer !== cleanup)
    const metadata = kept.length === 0 ? rest : { ...rest, finalizers: kept }
    const released = { ...definition, metadata }
    if (isFinished(released)) this.#collection.remove(released)
    else this.#collection.put(released)
  }

  #withdraw(name: string): void {
    const plural = name.slice(0, name.indexOf('.'))
    const group = name.slice(name.indexOf('.') + 1)
    this.#compiled.delete(name)
    for (const resource of this.#context.registry.all()) {
      if (resource.custom && resource.group === group && resource.plural === plural) {
        this.#context.registry.remove(resource.apiVersion, plural)
      }
    }
    for (const other of this.#collection.list()) {
      if (!isEstablished(other)) this.#sync(keyOf(other))
    }
  }
}

function terminate(collection: Collection, object: ApiObject, now: Date): void {
  if ((object.metadata.finalizers?.length ?? 0) === 0) {
    collection.remove(object)
    return
  }
  if (object.metadata.deletionTimestamp !== undefined) return
  const metadata = {
    ...object.metadata,
    deletionTimestamp: timestamp(now),
    deletionGracePeriodSeconds: 0,
    generation: (object.metadata.generation ?? 0) + 1,
  }
  collection.put({ ...object, metadata })
}

function scaleOf(version: Record<string, unknown>): ScalePaths | undefined {
  const scale = recordAt(version, 'subresources')['scale']
  if (!isRecord(scale)) return undefined
  const labelSelector = stringAt(scale, 'labelSelectorPath')
  return {
    specReplicas: stringAt(scale, 'specReplicasPath') ?? '.spec.replicas',
    statusReplicas: stringAt(scale, 'statusReplicasPath') ?? '.status.replicas',
    ...(labelSelector === undefined ? {} : { labelSelector }),
  }
}
