import { statefulSets } from '../../../../contract/kinds.ts'
import type { Pod, StatefulSet } from '../../../../contract/objects.ts'
import { controllerReference } from '../../runtime/owners.ts'

export const revisionLabel = 'controller-revision-hash'

/** The pod of a set at `ordinal` and `revision`. */
export function podOf(set: StatefulSet, ordinal: number, revision: string): Pod {
  const { name: setName, namespace } = set.metadata
  const { metadata, spec } = set.spec.template
  const name = `${setName}-${ordinal}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${setName}-`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      labels: {
        ...metadata.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ownerReferences: [controllerReference(statefulSets, set)],
    },
    spec: {
      ...spec,
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
    },
  }
}

/** The number at the end of a pod's name, if it is one of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata.name}-`
  if (!pod.metadata.name.startsWith(prefix)) return undefined
  const ordinal = pod.metadata.name.slice(prefix.length)
  return /^\d+$/.test(ordinal) ? Number(ordinal) : undefined
}

export function isReady(pod: Pod): boolean {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready')
  return pod.status?.phase === 'Running' && ready?.status === 'True'
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}

/** A pod that has ended for good; the set's answer is to delete it and make another. */
export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded'
}
