import { configMaps, namespaces, type ObjectRef, serviceAccounts } from '../../../../contract/kinds.ts'
import type { Condition, ConfigMap, KubeObject } from '../../../../contract/objects.ts'
import type { ResourceType } from '../../../../contract/kinds.ts'
import { isAlreadyExists, isForbidden, isNotFound } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { type Controller, createController, type Result } from '../../runtime/controller.ts'
import type { Store } from '../../runtime/store.ts'
import { discoverTypes } from '../discovery.ts'
import { deletionConditions } from './conditions.ts'
import { deleteContent, type Remains } from './content.ts'

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] }
  status?: { phase?: 'Active' | 'Terminating'; conditions?: Condition[] }
}

export interface NamespacesContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly namespaces: Store<Namespace>
  readonly configMaps: Store<ConfigMap>
  readonly log: (line: string) => void
}

const rootCaName = 'kube-root-ca.crt'
const fieldManager = 'kube-controller-manager'
/** Between two looks at a namespace that is being emptied, in simulated time. */
const emptyingMs = 5_000

/**
 * Gives each namespace its `default` ServiceAccount and `kube-root-ca.crt`, and empties the ones that are being deleted,
 * after which they go.
 */
export function startNamespacesController(context: NamespacesContext): Controller {
  const lefts = new Map<string, readonly ResourceType[]>()
  const controller = createController({
    name: 'namespace',
    clock: context.clock,
    concurrency: 4,
    reconcile: (ref) => reconcileNamespace(context, lefts, ref),
    log: context.log,
  })
  context.namespaces.onChange(({ after }) => {
    if (after !== undefined) controller.enqueue({ name: after.metadata.name })
  })
  context.configMaps.onChange(({ before, after }) => {
    const namespace = before?.metadata.namespace
    if (after === undefined && before?.metadata.name === rootCaName && namespace !== undefined)
      controller.enqueue({ name: namespace })
  })
  return controller
}

async function reconcileNamespace(
  context: NamespacesContext,
  lefts: Map<string, readonly ResourceType[]>,
  ref: ObjectRef,
): Promise<Result> {
  const namespace = context.namespaces.get(ref)
  if (namespace === undefined) {
    lefts.delete(ref.name)
    return {}
  }
  if (namespace.metadata.deletionTimestamp !== undefined) return empty(context, lefts, namespace)
  await ensureDefaults(context, namespace.metadata.name)
  return {}
}

async function ensureDefaults(
  { kube, configMaps: maps }: NamespacesContext,
  namespace: string,
): Promise<void> {
  await createUnlessThere(kube, serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  })
  const { ca } = kube.info
  if (ca === undefined || maps.get({ namespace, name: rootCaName }) !== undefined) return
  const description =
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
    'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'
  const map: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: rootCaName,
      namespace,
      annotations: { 'kubernetes.io/description': description },
    },
    data: { 'ca.crt': ca },
  }
  await createUnlessThere(kube, configMaps, map)
}

async function createUnlessThere(kube: KubeClient, type: ResourceType, object: KubeObject): Promise<void> {
  try {
    await kube.create(type, object, { fieldManager })
  } catch (error) {
    // 403: the namespace has begun to go in the meantime.
    if (!isAlreadyExists(error) && !isForbidden(error)) throw error
  }
}

async function empty(
  context: NamespacesContext,
  lefts: Map<string, readonly ResourceType[]>,
  namespace: Namespace,
): Promise<Result> {
  const { kube } = context
  const { name } = namespace.metadata
  const known = lefts.get(name)
  const remains = await deleteContent(kube, name, known ?? (await namespacedTypes(kube)))
  if (remains.types.length > 0) {
    if (known === undefined) await tell(context, namespace, remains)
    lefts.set(name, remains.types)
    return { requeueAfterMs: emptyingMs }
  }
  // What was left has gone; before the end, one look at everything.
  if (known !== undefined) {
    lefts.delete(name)
    return { requeueAfterMs: 1 }
  }
  await finalize(kube, namespace)
  return {}
}

async function namespacedTypes(kube: KubeClient): Promise<ResourceType[]> {
  const types = await discoverTypes(kube)
  return types
    .filter(({ type, verbs }) => type.namespaced && verbs.includes('list') && verbs.includes('delete'))
    .map(({ type }) => type)
}

async function tell(context: NamespacesContext, namespace: Namespace, remains: Remains): Promise<void> {
  const conditions = deletionConditions(remains, context.clock.now())
  const body = { metadata: { uid: namespace.metadata.uid }, status: { conditions } }
  const options = { type: 'merge', subresource: 'status', fieldManager } as const
  context.namespaces.note(
    await context.kube.patch<Namespace>(namespaces, { name: namespace.metadata.name }, body, options),
  )
}

async function finalize(kube: KubeClient, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes')
  const { resourceVersion: _, ...metadata } = namespace.metadata
  try {
    await kube.replace<Namespace>(
      namespaces,
      { ...namespace, metadata, spec: { ...namespace.spec, finalizers } },
      { subresource: 'finalize', fieldManager },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
