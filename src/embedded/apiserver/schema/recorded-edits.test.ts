import { describe, expect, test } from 'vitest'
import { seiNetworkCrd } from '../../../contract/crds/head/seinetwork.ts'
import { seiNodeCrd } from '../../../contract/crds/head/seinode.ts'
import { compileCrd } from './compile-crd.ts'

/** Merges as a merge patch does. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const out: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key]
    else out[key] = merged(out[key], value)
  }
  return out
}

const network = {
  apiVersion: 'sei.io/v1alpha1',
  kind: 'SeiNetwork',
  metadata: { name: 'four', namespace: 'default' },
  spec: { image: 'sei/seid:dev', replicas: 4, genesis: { chainId: 'four' } },
}
const node = {
  apiVersion: 'sei.io/v1alpha1',
  kind: 'SeiNode',
  metadata: { name: 'four-rpc-1', namespace: 'default' },
  spec: {
    image: 'sei/seid:dev',
    chainId: 'four',
    fullNode: {},
    peers: [{ label: { selector: { a: 'b' } } }],
  },
}

/** What a real API server answered to these edits of running objects: reason and field of each cause. */
describe('edits as recorded on a real cluster', () => {
  const blocked = 'FieldValueInvalid <nil>'
  test.each<[typeof network | typeof node, object, string[]]>([
    [network, { spec: { replicas: 5 } }, ['FieldValueInvalid spec']],
    [network, { spec: { replicas: 0 } }, ['FieldValueInvalid spec.replicas', 'FieldValueInvalid spec']],
    [network, { spec: { genesis: { chainId: 'other' } } }, ['FieldValueInvalid spec']],
    [network, { spec: { genesis: { stakingAmount: '20000000usei' } } }, ['FieldValueInvalid spec']],
    [network, { spec: { dataVolume: { import: { pvcName: 'x' } } } }, ['FieldValueInvalid spec']],
    [network, { spec: { deletionPolicy: 'Keep' } }, ['FieldValueNotSupported spec.deletionPolicy', blocked]],
    [network, { spec: { image: 'sei/seid:dev2' } }, []],
    [node, { spec: { validator: {} } }, ['FieldValueInvalid spec']],
    [node, { spec: { fullNode: null } }, ['FieldValueInvalid spec']],
    [node, { spec: { chainId: 'Other_1' } }, ['FieldValueInvalid spec.chainId']],
    [
      node,
      { spec: { peers: [{ label: { selector: { a: 'b' } }, static: { addresses: ['x'] } }] } },
      ['FieldValueInvalid spec.peers[0]'],
    ],
    [node, { spec: { image: '' } }, ['FieldValueInvalid spec.image']],
    [node, { spec: { chainId: 'other' } }, []],
  ])('behavior: %# is answered as it was', async (object, patch, expected) => {
    const crd = compileCrd(object.kind === 'SeiNetwork' ? seiNetworkCrd : seiNodeCrd)
    expect([...crd.errors, ...(await crd.ready)]).toEqual([])
    const version = crd.versions.get('v1alpha1')
    if (version === undefined) throw new Error('no version')
    const live = version.applyDefaults(object)
    expect(version.validate(live)).toEqual([])
    const errors = version.validate(version.applyDefaults(merged(live, patch)), live)
    expect(errors.map((error) => `${error.type} ${error.field}`)).toEqual(expected)
  })
})
