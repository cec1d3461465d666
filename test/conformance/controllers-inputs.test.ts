import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { SeiNode, SeiNodeSpec } from '../../src/contract/crds/head/seinode.ts'
import {
  namespaces,
  persistentVolumeClaims,
  persistentVolumes,
  secrets,
  seiNodes,
} from '../../src/contract/kinds.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { until } from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'

/** What a node waits for before its pod is made: Secrets and an imported claim. No kubelet, no sidecar. */
let alone: ControllersAlone
let kube: KubeClient
let serial = 0
let namespace = ''

beforeAll(async () => {
  alone = await startControllersAlone()
  kube = alone.kube
})

afterAll(() => alone.close())

beforeEach(async () => {
  namespace = `inputs-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})

async function createNode(spec: Partial<SeiNodeSpec>): Promise<void> {
  await kube.create<SeiNode>(seiNodes, {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name: 'lone', namespace },
    spec: { chainId: 'c', image: 'sei/seid:dev', ...spec },
  })
}

async function createSecret(name: string, data: Record<string, unknown>): Promise<void> {
  const stringData = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData }
  await kube.create<KubeObject>(secrets, secret)
}

/** Waits until a condition of the node has this reason. */
function untilReason(type: string, reason: string): Promise<SeiNode> {
  return until<SeiNode>(kube, seiNodes, { namespace, name: 'lone' }, (node) =>
    (node.status?.conditions ?? []).some((each) => each.type === type && each.reason === reason),
  )
}

const key = { type: 'tendermint/PrivKeyEd25519', value: 'c2VjcmV0' }
const consensusKey = { address: 'AA', pub_key: key, priv_key: key }
const validator = {
  signingKey: { secret: { secretName: 'signing' } },
  nodeKey: { secret: { secretName: 'p2p' } },
  operatorKeyring: {
    secret: { secretName: 'ring', passphraseSecretRef: { secretName: 'phrase', key: 'text' } },
  },
}

test('default: a validator waits for each of its Secrets in turn, however long it takes', async () => {
  await createNode({ validator })
  await untilReason('SigningKeyReady', 'SigningKeyNotReady')
  await createSecret('signing', { 'priv_validator_key.json': consensusKey })
  await untilReason('SigningKeyReady', 'SigningKeyValidated')
  await untilReason('NodeKeyReady', 'NodeKeyNotReady')
  await createSecret('p2p', { 'node_key.json': { priv_key: key } })
  await untilReason('OperatorKeyringReady', 'OperatorKeyringNotReady')
  await createSecret('ring', { 'node_admin.info': 'x', 'aa.address': 'x' })
  await createSecret('phrase', { text: 'open sesame' })
  const node = await untilReason('OperatorKeyringReady', 'OperatorKeyringValidated')
  expect(node.status?.phase).toBe('Initializing')
})

test.for<[string, Record<string, unknown>, string]>([
  ['without the key', { other: 'x' }, 'missing required data key "node_key.json"'],
  ['that is not JSON', { 'node_key.json': 'sesame' }, 'not valid JSON'],
  ['without a private key', { 'node_key.json': { priv_key: { type: 't' } } }, 'missing priv_key'],
])('error: a Secret %s ends the plan, and its content is not told', async ([, data, why]) => {
  await createSecret('p2p', data)
  await createNode({ seed: { nodeKey: { secret: { secretName: 'p2p' } } } })
  const node = await untilReason('NodeKeyReady', 'NodeKeyInvalid')
  expect(node.status).toMatchObject({
    phase: 'Failed',
    plan: { failedTaskDetail: { type: 'validate-node-key', error: expect.stringContaining(why) } },
  })
  expect(JSON.stringify(node.status)).not.toContain('sesame')
})

/** A claim that is bound to a volume of this size. */
async function bindClaim(storage: string): Promise<void> {
  const capacity = { storage }
  await kube.create<KubeObject>(persistentVolumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pv-${namespace}` },
    spec: { capacity, accessModes: ['ReadWriteOnce'], hostPath: { path: '/nowhere' } },
  } as KubeObject)
  await kube.create<KubeObject>(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'mine', namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
      volumeName: `pv-${namespace}`,
    },
  } as KubeObject)
  const bound = { status: { phase: 'Bound', capacity } }
  const options = { type: 'merge', subresource: 'status' } as const
  await kube.patch(persistentVolumeClaims, { namespace, name: 'mine' }, bound, options)
}

test('behavior: an imported claim is waited for, used, and left when its node goes', async () => {
  await createNode({ fullNode: {}, dataVolume: { import: { pvcName: 'mine' } } })
  await untilReason('ImportPVCReady', 'PVCNotReady')
  await bindClaim('4Gi')
  await untilReason('ImportPVCReady', 'PVCValidated')
  await kube.delete(seiNodes, { namespace, name: 'lone' })
  const claim = await kube.get<KubeObject>(persistentVolumeClaims, { namespace, name: 'mine' })
  expect(claim.metadata.deletionTimestamp).toBeUndefined()
})

test('error: an imported claim that is too small ends the plan', async () => {
  await bindClaim('1Gi')
  await createNode({ fullNode: {}, dataVolume: { import: { pvcName: 'mine' } } })
  const node = await untilReason('ImportPVCReady', 'PVCInvalid')
  expect(node.status?.plan?.failedTaskDetail?.error).toContain('1Gi is less than required 2Gi')
})
