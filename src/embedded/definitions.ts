import { chaosMeshCrds } from '../contract/crds/chaos-mesh/all.ts'
import { definitionsOf, type Era } from '../contract/crds/eras.ts'
import { customResourceDefinitions } from '../contract/kinds.ts'
import type { Condition, KubeObject } from '../contract/objects.ts'
import { pause, realTime } from '../contract/time.ts'
import { usageError, type SeiError } from '../errors/sei-error.ts'
import { isAlreadyExists, isInvalid, isNotFound } from '../kube/errors.ts'
import type { ReadDefinition } from '../kube/read-definitions.ts'
import type { KubeClient } from '../kube/types.ts'

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** Longest wait for the Sei kinds to be served, and between two looks, in ms. */
const servedMs = 30_000
const lookMs = 20

/** What is installed: the definitions of the folder, else those of `era`; and those of Chaos Mesh that are not among them. */
export interface Choice {
  /** @default head */
  readonly era?: Era | undefined
  readonly definitions?: string | undefined
}

/**
 * Installs the Sei kinds and those of Chaos Mesh and waits until they are served. A real API server establishes a definition some time after it was
 * created, and answers 404 for its objects until then and a little longer. Throws BAD_OPTIONS for a folder that has not what
 * is needed, and for definitions that the API server refuses.
 */
export async function installDefinitions(kube: KubeClient, choice: Choice): Promise<void> {
  const crds = await chosen(choice)
  const created = await Promise.all(crds.map((crd) => create(kube, crd)))
  if (created.every(isEstablished)) return
  const watch = kube.watch<Definition>(customResourceDefinitions)
  try {
    const names = crds.map(({ metadata }) => metadata.name)
    await watch.waitFor(() => names.every((name) => isEstablished(watch.get({ name }))) || undefined, {
      timeoutMs: servedMs,
      description: 'the definitions to be established',
    })
  } finally {
    watch.close()
  }
  await Promise.all(crds.flatMap(servedResources).map((resource) => untilServed(kube, resource)))
}

async function chosen({ era = 'head', definitions }: Choice): Promise<readonly ReadDefinition[]> {
  if (definitions === undefined) return [...definitionsOf[era], ...chaosMeshCrds]
  const { readDefinitions } = await import('../kube/read-definitions.ts')
  const read = await readDefinitions(definitions)
  if (!read.ok) throw usageError(read.problems, 'BAD_OPTIONS')
  const given = new Set(read.value.map(({ metadata }) => metadata.name))
  return [...read.value, ...chaosMeshCrds.filter(({ metadata }) => !given.has(metadata.name))]
}

async function create(kube: KubeClient, crd: ReadDefinition): Promise<Definition> {
  try {
    return await kube.create<Definition>(customResourceDefinitions, crd)
  } catch (error) {
    if (isInvalid(error)) throw refused(crd, error as SeiError)
    if (!isAlreadyExists(error)) throw error
    return kube.get<Definition>(customResourceDefinitions, { name: crd.metadata.name })
  }
}

function refused({ metadata }: ReadDefinition, error: SeiError): SeiError {
  const problem = {
    what: `the API server refuses ${metadata.name}: ${error.message}`,
    where: 'definitions',
    expected: 'definitions that an API server accepts',
    fix: 'correct that definition, or leave the option out for those of this package',
  }
  return usageError([problem], 'BAD_OPTIONS')
}

function isEstablished(definition: Definition | undefined): boolean {
  const conditions = definition?.status?.conditions ?? []
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
}

interface ServedResource {
  readonly plural: string
  /** Path of its group and version. */
  readonly group: string
}

function servedResources({ spec }: ReadDefinition): ServedResource[] {
  const served = spec.versions.filter((version) => version.served)
  return served.map(({ name }) => ({ plural: spec.names.plural, group: `/apis/${spec.group}/${name}` }))
}

/** Both in discovery and in fact. */
async function untilServed(kube: KubeClient, resource: ServedResource): Promise<void> {
  const deadline = performance.now() + servedMs
  while (!(await isServed(kube, resource))) {
    if (performance.now() > deadline)
      throw new Error(`${resource.group}/${resource.plural} is still not served`)
    await pause(realTime, lookMs)
  }
}

async function isServed(kube: KubeClient, { group, plural }: ServedResource): Promise<boolean> {
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
