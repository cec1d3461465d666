import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import { annotations, labels } from '../../../../contract/labels.ts'
import { proxyConfigName } from '../../../../contract/names.ts'
import type { PodSpec } from '../../../../contract/objects.ts'
import type { Platform } from '../../platform.ts'
import {
  dataClaimOf,
  nodeKeySecretOf,
  operatorKeyringOf,
  roleOf,
  sidecarImageOf,
  signingKeySecretOf,
} from '../mode.ts'
import { exporterContainer, rbacProxyContainer, sidecarContainer } from './helpers.ts'
import { isDedicated } from './labels.ts'
import { nonRoot } from './paths.ts'
import { seidContainer, seidInitContainer } from './seid.ts'

/** The pod of a node. Throws when it cannot be rendered. */
export function nodePodSpec(node: SeiNode, platform: Platform): PodSpec {
  if (sidecarImageOf(node, platform) === '') throw new Error('images.sidecar is not configured')
  const seed = roleOf(node) === 'seed'
  return {
    affinity: affinity(node, platform),
    automountServiceAccountToken: true,
    containers: [seidContainer(node, platform), ...(seed ? [] : [exporterContainer(platform)])],
    initContainers: [seidInitContainer(node), sidecarContainer(node, platform), rbacProxyContainer(platform)],
    securityContext: { fsGroup: nonRoot, fsGroupChangePolicy: 'OnRootMismatch' },
    serviceAccountName: platform.serviceAccount,
    shareProcessNamespace: true,
    tolerations: [{ effect: 'NoSchedule', key: platform.tolerationKey, value: platform.nodepool }],
    volumes: volumes(node),
  }
}

function volumes(node: SeiNode): NonNullable<PodSpec['volumes']> {
  const secret = (name: string, secretName: string | undefined): NonNullable<PodSpec['volumes']> =>
    secretName === undefined ? [] : [{ name, secret: { secretName, defaultMode: 0o400 } }]
  return [
    { name: 'data', persistentVolumeClaim: { claimName: dataClaimOf(node) } },
    { name: 'sidecar-tmp', emptyDir: {} },
    { name: 'home', emptyDir: {} },
    { name: 'rbac-proxy-config', configMap: { name: proxyConfigName(node.metadata.name) } },
    ...secret('signing-key', signingKeySecretOf(node)),
    ...secret('node-key', nodeKeySecretOf(node)),
    ...secret('operator-keyring', operatorKeyringOf(node)?.secretName),
  ]
}

/**
 * Never beside a pod that asked for a node of its own; a pod that asks for one also never beside any Sei pod. Both are
 * needed: anti-affinity is looked at for the pod being placed alone.
 */
function affinity(node: SeiNode, platform: Platform): Record<string, unknown> {
  const apart = (expression: Record<string, unknown>): Record<string, unknown> => ({
    labelSelector: { matchExpressions: [expression] },
    namespaceSelector: {},
    topologyKey: 'kubernetes.io/hostname',
  })
  const terms = [apart({ key: annotations.dedicatedNode, operator: 'In', values: ['true'] })]
  if (isDedicated(node)) terms.push(apart({ key: labels.node, operator: 'Exists' }))
  const pool = { key: 'karpenter.sh/nodepool', operator: 'In', values: [platform.nodepool] }
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [pool] }] },
    },
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
  }
}
