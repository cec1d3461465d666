import { customResourceDefinitions, apiVersionOf, pathOf, seiNodeTasks } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import type { TaskCapabilities, TaskKind } from '../../contract/tasks.ts'
import { hasCode } from '../../errors/guards.ts'
import { SeiError } from '../../errors/sei-error.ts'
import { statusOf } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'

const definitionName = 'seinodetasks.sei.io'

/**
 * Which kinds of task the installed definition allows. Read from the CustomResourceDefinition; where that may not be read, from
 * the published OpenAPI; else from the refusal of a dry run, which lists what would have been accepted. That the controller
 * runs a kind is another matter: an older one fails it with UnsupportedKind.
 */
export async function probeCapabilities(kube: KubeClient, namespace: string): Promise<TaskCapabilities> {
  const kinds =
    (await tried(() => fromDefinition(kube), 'definition')) ??
    (await tried(() => fromOpenApi(kube), 'openapi')) ??
    (await tried(() => fromDryRun(kube, namespace), 'dry-run'))
  if (kinds !== undefined) return kinds
  throw new SeiError('which kinds of SeiNodeTask this cluster has cannot be found out', {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: 'install sei-k8s-controller, or allow this account to get customresourcedefinitions or to create seinodetasks',
  })
}

/** Throws CAPABILITY_MISSING for a kind that the cluster does not have, naming those it has. */
export function needKind({ kinds }: TaskCapabilities, kind: TaskKind, instead?: string): void {
  if (kinds.includes(kind)) return
  throw new SeiError(`this cluster has no SeiNodeTask of kind ${kind}; it has ${kinds.join(', ')}`, {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: instead ?? 'use a cluster whose controller has it',
    details: { kind, kinds },
  })
}

async function tried(
  read: () => Promise<readonly string[] | undefined>,
  source: TaskCapabilities['source'],
): Promise<TaskCapabilities | undefined> {
  try {
    const kinds = await read()
    return kinds === undefined || kinds.length === 0 ? undefined : { kinds, source }
  } catch (error) {
    // Refused or not there: the next source may answer. No answer at all is no answer from any of them.
    if (hasCode(error, 'KUBE_REQUEST') && statusOf(error) !== undefined) return undefined
    throw error
  }
}

async function fromDefinition(kube: KubeClient): Promise<readonly string[] | undefined> {
  const definition = await kube.get<KubeObject>(customResourceDefinitions, { name: definitionName })
  const versions = at(definition, 'spec', 'versions')
  const version = Array.isArray(versions)
    ? versions.find((one) => at(one, 'name') === seiNodeTasks.version)
    : undefined
  return kindsOf(at(version, 'schema', 'openAPIV3Schema'))
}

async function fromOpenApi(kube: KubeClient): Promise<readonly string[] | undefined> {
  const document = await kube.request<unknown>('GET', `/openapi/v3/apis/${apiVersionOf(seiNodeTasks)}`)
  const schemas = at(document, 'components', 'schemas')
  if (typeof schemas !== 'object' || schemas === null) return undefined
  for (const [name, schema] of Object.entries(schemas)) {
    if (name.endsWith('.SeiNodeTask')) return kindsOf(schema)
  }
  return undefined
}

async function fromDryRun(kube: KubeClient, namespace: string): Promise<readonly string[] | undefined> {
  const path = `${pathOf(seiNodeTasks, { namespace })}?dryRun=All`
  const body = {
    apiVersion: apiVersionOf(seiNodeTasks),
    kind: seiNodeTasks.kind,
    metadata: { generateName: 'probe-', namespace },
    spec: { kind: 'Unknown', target: { nodeRef: { name: 'probe' } } },
  }
  try {
    await kube.request('POST', path, { body })
    return undefined
  } catch (error) {
    const listed = /supported values: ((?:"[A-Za-z]+"(?:, )?)+)/.exec(
      error instanceof Error ? error.message : '',
    )
    if (listed === null) throw error
    return [...(listed[1] ?? '').matchAll(/"([A-Za-z]+)"/g)].map(([, kind]) => kind ?? '')
  }
}

function kindsOf(schema: unknown): readonly string[] | undefined {
  const kinds = at(schema, 'properties', 'spec', 'properties', 'kind', 'enum')
  return Array.isArray(kinds) ? kinds.filter((kind) => typeof kind === 'string') : undefined
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}
