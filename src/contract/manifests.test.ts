import { expect, describe, test } from 'vitest'
import { networkManifest, nodeManifest } from './manifests.ts'

const config = { 'storage.state_commit.write_mode': 'memiavl_only' }

describe('networkManifest', () => {
  test('default: name is the chain id, and the network goes with everything it owns', () => {
    expect(networkManifest({ name: 'net' }, 'ns')).toEqual({
      apiVersion: 'sei.io/v1alpha1',
      kind: 'SeiNetwork',
      metadata: { name: 'net', namespace: 'ns' },
      spec: {
        image: 'sei/seid:dev',
        replicas: 4,
        genesis: { chainId: 'net' },
        configOverrides: config,
        deletionPolicy: 'Delete',
      },
    })
  })

  test('behavior: genesis overrides keep their JSON types', () => {
    const genesis = { 'gov.params.voting_period': '60s', 'mint.params': { rate: 1, list: [true, null] } }
    expect(networkManifest({ name: 'net', genesis }, 'ns').spec.genesis.overrides).toEqual(genesis)
  })

  test('behavior: everything a spec names arrives', () => {
    const accounts = [{ address: 'sei1a', balance: '1usei' }]
    const manifest = networkManifest(
      {
        name: 'net',
        namespace: 'own',
        image: 'i',
        validators: 3,
        accounts,
        config: { 'evm.http_enabled': 'true' },
        labels: { a: 'b' },
        annotations: { c: 'd' },
        deletionPolicy: 'Retain',
        sidecarImage: 's',
      },
      'ns',
    )
    expect(manifest.metadata).toEqual({
      name: 'net',
      namespace: 'own',
      labels: { a: 'b' },
      annotations: { c: 'd' },
    })
    expect(manifest.spec).toEqual({
      image: 'i',
      replicas: 3,
      genesis: { chainId: 'net', accounts },
      configOverrides: { ...config, 'evm.http_enabled': 'true' },
      deletionPolicy: 'Retain',
      sidecar: { image: 's' },
    })
  })
})

describe('nodeManifest', () => {
  test('default: a full node that finds its peers by the label of its network', () => {
    expect(nodeManifest({ name: 'net-rpc-0', network: 'net' }, 'ns')).toEqual({
      apiVersion: 'sei.io/v1alpha1',
      kind: 'SeiNode',
      metadata: {
        name: 'net-rpc-0',
        namespace: 'ns',
        labels: { 'sei.io/role': 'node', 'sei.io/seinetwork': 'net' },
      },
      spec: {
        chainId: 'net',
        image: 'sei/seid:dev',
        peers: [{ label: { selector: { 'sei.io/seinetwork': 'net' }, namespace: 'ns' } }],
        overrides: config,
        fullNode: {},
      },
    })
  })

  test('behavior: labels of the spec cannot displace the two that make it a node of its network', () => {
    const labels = { 'sei.io/role': 'validator', 'sei.io/seinetwork': 'other', team: 'evm' }
    expect(nodeManifest({ name: 'n', network: 'net', labels }, 'ns').metadata.labels).toEqual({
      'sei.io/role': 'node',
      'sei.io/seinetwork': 'net',
      team: 'evm',
    })
  })

  test('behavior: a node in another namespace looks for its peers in that of the network', () => {
    const node = nodeManifest({ name: 'n', network: 'net', namespace: 'far', networkNamespace: 'home' }, 'ns')
    expect(node.metadata.namespace).toBe('far')
    expect(node.spec.peers).toEqual([
      { label: { selector: { 'sei.io/seinetwork': 'net' }, namespace: 'home' } },
    ])
    const near = nodeManifest({ name: 'n', network: 'net', namespace: 'far' }, 'ns')
    expect(near.spec.peers?.[0]?.label?.namespace).toBe('far')
  })

  test('behavior: state sync names its witnesses', () => {
    const rpcServers = ['a:26657', 'b:26657']
    expect(
      nodeManifest({ name: 'n', network: 'net', stateSync: { rpcServers } }, 'ns').spec.fullNode,
    ).toEqual({
      snapshot: { stateSync: {}, rpcServers },
    })
  })
})
