import type {
  Fault,
  LabelRequirement,
  NetworkChaos,
  PodSelector,
  PodSelectorSpec,
} from '../../../../contract/crds/chaos-mesh/faults.ts'
import { nodes, pods } from '../../../../contract/kinds.ts'
import type { KubeObject, Pod } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { idOf, type FaultKind } from './effect.ts'

export interface Selected {
  readonly id: string
  readonly selectorKey: string
}

const nothingSelected = 'no target has been selected'

/** The targets of a fault, as they are now: it never looks again. Throws with the words of the event that tells of it. */
export async function selectTargets(kube: KubeClient, kind: FaultKind, fault: Fault): Promise<Selected[]> {
  const { target } = fault.spec as NetworkChaos['spec']
  const ends: [string, PodSelector][] = [['.', fault.spec]]
  if (target !== undefined) ends.push(['.Target', target])
  const found: Selected[] = []
  for (const [selectorKey, selector] of ends) {
    const chosen = chooseSome(await selectPods(kube, selector.selector), selector)
    const ids = chosen.flatMap((pod) => (kind.ofContainers(fault) ? containersOf(pod, fault) : [idOf(pod)]))
    if (ids.length === 0) throw new Error(nothingSelected)
    found.push(...ids.map((id) => ({ id, selectorKey })))
  }
  return found
}

/** One for each named container that the pod has, else its first. */
function containersOf(pod: Pod, { spec }: Fault): string[] {
  const names = pod.spec.containers.map(({ name }) => name)
  const { containerNames = [] } = spec
  const chosen =
    containerNames.length === 0 ? names.slice(0, 1) : containerNames.filter((name) => names.includes(name))
  return chosen.map((name) => `${idOf(pod)}/${name}`)
}

async function selectPods(kube: KubeClient, selector: PodSelectorSpec): Promise<Pod[]> {
  const named = Object.entries(selector.pods ?? {})
  if (named.length > 0) {
    const wanted = named.flatMap(([namespace, names]) => names.map((name) => ({ namespace, name })))
    const found = await Promise.all(wanted.map((ref) => kube.find<Pod>(pods, ref)))
    return found.filter((pod) => pod !== undefined)
  }
  const { namespaces = [] } = selector
  const lists = await Promise.all(
    (namespaces.length === 0 ? [undefined] : namespaces).map((namespace) =>
      kube.list<Pod>(pods, { namespace }),
    ),
  )
  const onNodes = await nodesOf(kube, selector)
  return lists
    .flatMap(({ items }) => items)
    .filter((pod) => isSelected(pod, selector) && (onNodes?.has(pod.spec.nodeName ?? '') ?? true))
}

async function nodesOf(kube: KubeClient, selector: PodSelectorSpec): Promise<Set<string> | undefined> {
  const { nodes: named = [], nodeSelectors = {} } = selector
  if (named.length === 0 && Object.keys(nodeSelectors).length === 0) return undefined
  const { items } = await kube.list<KubeObject>(nodes)
  const labelled =
    Object.keys(nodeSelectors).length === 0
      ? []
      : items.filter(({ metadata }) => hasAll(metadata.labels, nodeSelectors))
  return new Set([...named, ...labelled.map(({ metadata }) => metadata.name)])
}

function isSelected(pod: Pod, selector: PodSelectorSpec): boolean {
  const { labels = {}, annotations } = pod.metadata
  const { expressionSelectors = [], fieldSelectors = {}, podPhaseSelectors = [] } = selector
  return (
    hasAll(labels, selector.labelSelectors ?? {}) &&
    hasAll(annotations, selector.annotationSelectors ?? {}) &&
    expressionSelectors.every((requirement) => meets(labels, requirement)) &&
    Object.entries(fieldSelectors).every(([field, value]) => fieldOf(pod, field) === value) &&
    (podPhaseSelectors.length === 0 || podPhaseSelectors.includes(pod.status?.phase ?? ''))
  )
}

function hasAll(
  values: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => values[key] === value)
}

function meets(
  labels: Readonly<Record<string, string>>,
  { key, operator, values = [] }: LabelRequirement,
): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}

function fieldOf({ metadata, spec, status }: Pod, field: string): string | undefined {
  switch (field) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace
    case 'spec.nodeName':
      return spec.nodeName
    case 'status.phase':
      return status?.phase
    case 'status.podIP':
      return status?.podIP
    default:
      throw new Error(`field label not supported: ${field}`)
  }
}

/** As many of them as the mode says, at random. */
function chooseSome(found: readonly Pod[], { mode, value = '' }: PodSelector): Pod[] {
  const count = Number(value)
  switch (mode) {
    case 'one':
      return shuffled(found).slice(0, 1)
    case 'fixed':
      return shuffled(found).slice(0, count)
    case 'fixed-percent':
      return shuffled(found).slice(0, Math.ceil((found.length * count) / 100))
    case 'random-max-percent':
      return shuffled(found).slice(0, Math.floor((found.length * Math.random() * count) / 100))
    case 'all':
      return [...found]
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items]
  const order: T[] = []
  while (rest.length > 0) order.push(...rest.splice(Math.floor(Math.random() * rest.length), 1))
  return order
}
