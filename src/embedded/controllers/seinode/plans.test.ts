import { expect, test } from 'vitest'

import { follower, oneValidator } from '../../../../test/helpers/kind-captures.ts'
import type { Plan } from '../../../contract/crds/head/shared.ts'
import type { SeiNode, SeiNodeSpec } from '../../../contract/crds/head/seinode.ts'
import { initPlan, reapprovalPlan, updatePlan } from './plans.ts'

/** A plan as it was before anything of it was done, without its random id. */
function fresh(plan: Plan | undefined): unknown {
  const tasks = plan?.tasks.map(({ type, params, maxRetries }) => ({ type, params, maxRetries }))
  return { targetPhase: plan?.targetPhase, failedPhase: plan?.failedPhase, tasks }
}

const types = (plan: Plan): string => plan.tasks.map((task) => task.type).join(' ')

function nodeOf(spec: Partial<SeiNodeSpec>, status: SeiNode['status'] = {}): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name: 'n', namespace: 'ns' },
    spec: { chainId: 'c', image: 'i', ...spec },
    status,
  }
}

test('default: a founding validator gets the recorded plan, parameter by parameter', () => {
  const { node } = oneValidator()
  const { resolvedPeers: _, ...status } = node.status ?? {}
  expect(fresh(initPlan({ ...node, status }))).toEqual(fresh(node.status?.plan))
})

test('default: a follower gets the recorded plan, with the peers of that moment frozen into it', () => {
  const { node } = follower()
  expect(node.status?.resolvedPeers).toHaveLength(4)
  expect(fresh(initPlan(node))).toEqual(fresh(node.status?.plan))
})

test('default: updates are the recorded ones, of a validator and of a follower', () => {
  for (const node of [oneValidator().nodeUpToDate, follower().nodeUpdating])
    expect(fresh(updatePlan(node))).toEqual(fresh(node.status?.plan))
})

test('default: re-approval is mark-ready alone and never demotes', () => {
  expect(fresh(reapprovalPlan())).toEqual({
    targetPhase: 'Running',
    failedPhase: undefined,
    tasks: [{ type: 'mark-ready', params: {}, maxRetries: undefined }],
  })
})

const start = 'ensure-data-pvc apply-rbac-proxy-config apply-statefulset apply-service'
const end = 'config-validate mark-ready'
const secret = (secretName: string): { secret: { secretName: string } } => ({ secret: { secretName } })
const keyed = {
  validator: {
    signingKey: secret('s'),
    nodeKey: secret('n'),
    operatorKeyring: { secret: { secretName: 'o', passphraseSecretRef: { secretName: 'p', key: 'k' } } },
  },
}

test.for<[string, Partial<SeiNodeSpec>, string]>([
  ['an archive', { archive: {} }, `${start} configure-genesis config-apply ${end}`],
  [
    'state sync',
    { fullNode: { snapshot: { stateSync: {} } } },
    `${start} configure-genesis config-apply configure-state-sync ${end}`,
  ],
  [
    'a restored snapshot',
    { replayer: { snapshot: { s3: { targetHeight: 5 } } } },
    `${start} snapshot-restore configure-genesis config-apply configure-state-sync ${end}`,
  ],
  [
    'a validator with its own keys',
    keyed,
    `ensure-data-pvc validate-signing-key validate-node-key validate-operator-keyring ${start.replace('ensure-data-pvc ', '')} configure-genesis config-apply ${end}`,
  ],
  [
    'a seed',
    { seed: { nodeKey: secret('n') } },
    `ensure-data-pvc validate-node-key ${start.replace('ensure-data-pvc ', '')} configure-genesis config-apply ${end}`,
  ],
])('default: task order of %s', ([, spec, order]) => {
  expect(types(initPlan(nodeOf(spec)))).toBe(order)
})

test('default: an update looks at keys first, where a node has any', () => {
  const update =
    'apply-statefulset apply-service config-patch config-validate replace-pod observe-image mark-ready'
  expect(types(updatePlan(nodeOf(keyed)))).toBe(
    `validate-signing-key validate-node-key validate-operator-keyring ${update}`,
  )
  expect(types(updatePlan(nodeOf({ seed: { nodeKey: secret('n') } })))).toBe(`validate-node-key ${update}`)
  expect(types(updatePlan(nodeOf({ fullNode: {} })))).toBe(update)
})

test('behavior: witnesses are copied into the plan', () => {
  const spec = { fullNode: { snapshot: { stateSync: {}, trustPeriod: '9999h0m0s', backfillBlocks: 7 } } }
  const plan = initPlan(nodeOf(spec, { resolvedStateSyncers: ['a:1', 'b:2'] }))
  expect(plan.tasks.find((task) => task.type === 'configure-state-sync')?.params).toEqual({
    BackfillBlocks: 7,
    RpcServers: ['a:1', 'b:2'],
    TrustPeriod: '9999h0m0s',
    UseLocalSnapshot: false,
  })
})

test('behavior: overrides of the user win over those of the mode, and these over the common ones', () => {
  const overrides = { 'logging.level': 'debug', 'storage.snapshot_interval': '50' }
  const spec = {
    fullNode: { snapshotGeneration: { tendermint: { keepRecent: 3 } } },
    overrides,
    externalAddress: 'x:1',
  }
  const plan = initPlan(nodeOf(spec))
  expect(plan.tasks.find((task) => task.type === 'config-apply')?.params).toEqual({
    mode: 'full',
    overrides: {
      'logging.level': 'debug',
      'network.p2p.external_address': 'x:1',
      'network.p2p.persistent_peers': '',
      'storage.snapshot_interval': '50',
      'storage.snapshot_keep_recent': '3',
    },
  })
})
