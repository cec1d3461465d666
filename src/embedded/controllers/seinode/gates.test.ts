import { expect, test } from 'vitest'

import type { SeiNode, SeiNodeSpec } from '../../../contract/crds/head/seinode.ts'
import { defaultPlatform } from '../platform.ts'
import { imageDrift } from './drift.ts'
import { stateSyncGate } from './state-sync.ts'
import { planProblem } from './validate.ts'

function nodeOf(spec: Partial<SeiNodeSpec>, status: SeiNode['status'] = {}): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name: 'n', namespace: 'ns' },
    spec: { chainId: 'c', image: 'sei/seid:dev', ...spec },
    status,
  }
}

const stateSync = (rpcServers?: string[]): Partial<SeiNodeSpec> => ({
  fullNode: { snapshot: { stateSync: {}, ...(rpcServers === undefined ? {} : { rpcServers }) } },
})

test.for<[string, Partial<SeiNodeSpec>, Record<string, string[]>, string, string, boolean]>([
  ['no snapshot', { fullNode: {} }, {}, 'False', 'NotApplicable', false],
  ['two witnesses of its own', stateSync(['b:1', 'a:1']), {}, 'True', 'Ready', false],
  ['two registered for its chain', stateSync(), { c: ['a:1', 'b:1'] }, 'True', 'Ready', false],
  ['one witness twice', stateSync(['a:1', 'a:1']), {}, 'False', 'NoSyncersConfigured', true],
  ['two for another chain', stateSync(), { d: ['a:1', 'b:1'] }, 'False', 'NoSyncersConfigured', true],
])('default: the state-sync gate with %s', ([, spec, registry, status, reason, blocked]) => {
  expect(stateSyncGate(nodeOf(spec), registry)).toMatchObject({ condition: { status, reason }, blocked })
})

test('behavior: witnesses of the spec win over the registry and come sorted', () => {
  const verdict = stateSyncGate(nodeOf(stateSync(['b:1', 'a:1'])), { c: ['x:1', 'y:1'] })
  expect(verdict.syncers).toEqual(['a:1', 'b:1'])
})

test('default: a node that has just come up drifts, one whose images were stamped does not', () => {
  expect(imageDrift(nodeOf({}), defaultPlatform)).toBe('image drift detected: spec=sei/seid:dev current=')
  const stamped = { currentImage: 'sei/seid:dev', currentSidecarImage: 'sei/seictl:dev' }
  expect(imageDrift(nodeOf({}, stamped), defaultPlatform)).toBeUndefined()
})

test('behavior: a sidecar drifts only once its image has been recorded', () => {
  const spec = { sidecar: { image: 'sei/seictl:next' } }
  expect(imageDrift(nodeOf(spec, { currentImage: 'sei/seid:dev' }), defaultPlatform)).toBeUndefined()
  const stamped = { currentImage: 'sei/seid:dev', currentSidecarImage: 'sei/seictl:dev' }
  expect(imageDrift(nodeOf(spec, stamped), defaultPlatform)).toBe(
    'sidecar image drift detected: spec=sei/seictl:next current=sei/seictl:dev',
  )
})

test.for<[string, Partial<SeiNodeSpec>, string]>([
  ['no mode', {}, 'no mode'],
  [
    'a signing key in a ceremony',
    {
      validator: {
        signingKey: { secret: { secretName: 's' } },
        genesisCeremony: { chainId: 'c', stakingAmount: '1', accountBalance: '1', index: 0 },
      },
    },
    'mutually exclusive',
  ],
  ['a bootstrap image without s3', { fullNode: { snapshot: { stateSync: {}, bootstrapImage: 'x' } } }, 's3'],
  ['a replayer without peers', { replayer: { snapshot: { s3: { targetHeight: 1 } } } }, 'peer source'],
  ['an empty snapshotGeneration', { archive: { snapshotGeneration: {} } }, 'sub-struct'],
  [
    'a published snapshot alone',
    { fullNode: { snapshotGeneration: { tendermint: { keepRecent: 1, publish: {} } } } },
    'keepRecent',
  ],
])('error: no plan for %s', ([, spec, reason]) => {
  expect(planProblem(nodeOf(spec))).toContain(reason)
})
