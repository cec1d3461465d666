import type { Plan } from '../../../contract/crds/head/shared.ts'
import type { SeiNode, SnapshotSource } from '../../../contract/crds/head/seinode.ts'
import { buildPlan, type Step } from '../plans/build.ts'
import { configIntent, p2pPatch } from './config-intent.ts'
import { nodeKeySecretOf, operatorKeyringOf, roleOf, signingKeySecretOf, snapshotOf } from './mode.ts'

const none = {}

/** The plan of a new node: everything from its volume to the opened gate. Peers are frozen into it here. */
export function initPlan(node: SeiNode): Plan {
  const ceremony = node.spec.validator?.genesisCeremony !== undefined
  const steps = ceremony ? ceremonySteps(node) : plainSteps(node, snapshotOf(node))
  return buildPlan(steps, { failedPhase: 'Failed', targetPhase: 'Running' })
}

/** The plan of a running node whose image or sidecar image is no longer what its spec says. */
export function updatePlan(node: SeiNode): Plan {
  const role = roleOf(node)
  const keys = role === 'validator' ? keySteps(node) : role === 'seed' ? nodeKeyStep(node) : []
  const steps: Step[] = [
    ...keys,
    own(node, 'apply-statefulset'),
    own(node, 'apply-service'),
    ['config-patch', p2pPatch(node)],
    ['config-validate', none],
    own(node, 'replace-pod'),
    own(node, 'observe-image'),
    ['mark-ready', none],
  ]
  return buildPlan(steps, { targetPhase: 'Running' })
}

/** The plan that opens the gate of a sidecar that has started anew. */
export function reapprovalPlan(): Plan {
  return buildPlan([['mark-ready', none]], { targetPhase: 'Running' })
}

/** A founding validator waits in `configure-genesis` until the network has assembled what all of them uploaded. */
function ceremonySteps(node: SeiNode): Step[] {
  const { chainId = '', stakingAmount = '', accountBalance = '' } = node.spec.validator?.genesisCeremony ?? {}
  return [
    own(node, 'ensure-data-pvc'),
    own(node, 'apply-rbac-proxy-config'),
    own(node, 'apply-statefulset'),
    own(node, 'apply-service'),
    ['generate-identity', { ChainID: chainId, Moniker: node.metadata.name }],
    ['generate-gentx', { AccountBalance: accountBalance, ChainID: chainId, StakingAmount: stakingAmount }],
    ['upload-genesis-artifacts', { NodeName: node.metadata.name }],
    ['configure-genesis', { ExpectedGenesisHash: '' }],
    ['config-apply', configIntent(node)],
    ['set-genesis-peers', none],
    ['config-validate', none],
    ['mark-ready', none],
  ]
}

function plainSteps(node: SeiNode, snapshot: SnapshotSource | undefined): Step[] {
  const restore: Step[] =
    snapshot?.s3 === undefined ? [] : [['snapshot-restore', { TargetHeight: snapshot.s3.targetHeight }]]
  const stateSync: Step[] =
    snapshot === undefined ? [] : [['configure-state-sync', stateSyncParams(node, snapshot)]]
  return [
    own(node, 'ensure-data-pvc'),
    ...keySteps(node),
    own(node, 'apply-rbac-proxy-config'),
    own(node, 'apply-statefulset'),
    own(node, 'apply-service'),
    ...restore,
    ['configure-genesis', { ExpectedGenesisHash: '' }],
    ['config-apply', configIntent(node)],
    ...stateSync,
    ['config-validate', none],
    ['mark-ready', none],
  ]
}

/** Witnesses are copied here, so that what the spec or the registry says later does not retarget a plan under way. */
function stateSyncParams(node: SeiNode, snapshot: SnapshotSource): Record<string, unknown> {
  return {
    BackfillBlocks: snapshot.backfillBlocks ?? 0,
    RpcServers: node.status?.resolvedStateSyncers ?? [],
    TrustPeriod: snapshot.trustPeriod ?? '',
    UseLocalSnapshot: snapshot.s3 !== undefined,
  }
}

/** A step that the controller carries out itself; its parameters are there to be read by people. */
function own(node: SeiNode, type: string): Step {
  const { name: nodeName, namespace = '' } = node.metadata
  return [type, { namespace, nodeName }]
}

function keySteps(node: SeiNode): Step[] {
  const { namespace = '' } = node.metadata
  const signingKey = signingKeySecretOf(node)
  const keyring = operatorKeyringOf(node)
  const signing: Step[] =
    signingKey === undefined ? [] : [['validate-signing-key', { namespace, secretName: signingKey }]]
  const operator: Step[] =
    keyring === undefined
      ? []
      : [
          [
            'validate-operator-keyring',
            {
              keyName: keyring.keyName ?? 'node_admin',
              namespace,
              passphraseSecretKey: keyring.passphraseSecretRef.key,
              passphraseSecretName: keyring.passphraseSecretRef.secretName,
              secretName: keyring.secretName,
            },
          ],
        ]
  return [...signing, ...nodeKeyStep(node), ...operator]
}

function nodeKeyStep(node: SeiNode): Step[] {
  const secretName = nodeKeySecretOf(node)
  const { namespace = '' } = node.metadata
  return secretName === undefined ? [] : [['validate-node-key', { namespace, secretName }]]
}
