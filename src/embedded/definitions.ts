import { definitionsOf, type Era } from '../contract/crds/eras.ts'
import { customResourceDefinitions } from '../contract/kinds.ts'
import type { Condition, KubeObject } from '../contract/objects.ts'
import { isAlreadyExists, isNotFound } from '../kube/errors.ts'
import type { KubeClient } from '../kube/types.ts'

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** Longest wait for the Sei kinds to be served, and between two looks, in ms. */
const servedMs = 30_000
const lookMs = 20

/**
 * Installs the Sei kinds of an era and waits until they are served. A real API server establishes a definition some time after it was
 * created, and answers 404 for its objects until then and a little longer.
 */
export async function installDefinitions(kube: KubeClient, era: Era = 'head'): Promise<void> {
  const crds = definitionsOf[era]
  const created = await Promise.all(crds.map((crd) => create(kube, crd)))
  if (created.every(isEstablished)) return
  const watch = kube.watch<Definition>(customResourceDefinitions)
  try {
    const names = crds.map(({ metadata }) => metadata.name)
    await watch.waitFor(() => names.every((name) => isEstablished(watch.get({ name }))) || undefined, {
      timeoutMs: servedMs,
      description: 'the Sei kinds to be established',
    })
  } finally {
    watch.close()
  }
  await Promise.all(crds.map(({ spec: { names } }) => untilServed(kube, names.plural)))
}

async function create(kube: KubeClient, crd: KubeObject): Promise<Definition> {
  try {
    return await kube.create<Definition>(customResourceDefinitions, crd)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return kube.get<Definition>(customResourceDefinitions, { name: crd.metadata.name })
  }
}

function isEstablished(definition: Definition | undefined): boolean {
  const conditions = definition?.status?.conditions ?? []
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
}

/** Both in discovery and in fact. */
async function untilServed(kube: KubeClient, plural: string): Promise<void> {
  const deadline = performance.now() + servedMs
  while (!(await isServed(kube, plural))) {
    if (performance.now() > deadline) throw new Error(`${plural}.sei.io is still not served`)
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

async function isServed(kube: KubeClient, plural: string): Promise<boolean> {
  const group = '/apis/sei.io/v1alpha1'
  try {
    const { resources } = await kube.request<{ resources: { name: string }[] }>('GET', group)
    if (!resources.some(({ name }) => name === plural)) return false
    await kube.request('GET', `${group}/${plural}?limit=1`)
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}
