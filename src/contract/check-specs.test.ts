import { bech32 } from '@scure/base'
import { describe, expect, test } from 'vitest'
import { isBech32 } from './bech32.ts'
import { checkNetworkSpec, checkNodeSpec } from './check-specs.ts'
import type { NetworkSpec, NodeSpec } from './spec.ts'

function account(byte: number): string {
  return bech32.encode('sei', bech32.toWords(new Uint8Array(20).fill(byte)))
}

describe('specs', () => {
  test('default: the smallest specs pass unchanged', () => {
    expect(checkNetworkSpec({ name: 'net' })).toEqual({ ok: true, value: { name: 'net' } })
    const node = { name: 'net-rpc-0', network: 'net' }
    expect(checkNodeSpec(node)).toEqual({ ok: true, value: node })
  })

  test('behavior: everything a spec may say passes unchanged', () => {
    const network: NetworkSpec = {
      name: 'net-1',
      namespace: 'ns',
      image: 'ghcr.io/sei/seid@sha256:0123',
      validators: 100,
      accounts: [
        { address: account(1), balance: '5usei,3uusdc' },
        { address: account(2), balance: '5usei', vesting: { amount: '5usei', endTime: 1, delayed: true } },
      ],
      genesis: { 'gov.params': { list: [1, null, 'a', false] } },
      config: { 'evm.http_enabled': '' },
      labels: { 'sei.io/harness-run': 'r-1', plain: '' },
      annotations: { 'embedded.sei.io/faults': 'never-pulls, crash-loops' },
      deletionPolicy: 'Retain',
      sidecarImage: 'sei/sidecar:dev',
    }
    expect(checkNetworkSpec(network)).toEqual({ ok: true, value: network })
    const node: NodeSpec = {
      name: 'n'.repeat(52),
      network: 'net-1',
      networkNamespace: 'ns',
      stateSync: { rpcServers: ['a.ns.svc:26657', 'b.ns.svc:65535'] },
    }
    expect(checkNodeSpec(node)).toEqual({ ok: true, value: node })
  })

  test('behavior: the longest network name depends on the number of validators', () => {
    expect(checkNetworkSpec({ name: 'n'.repeat(50), validators: 10 }).ok).toBe(true)
    expect(checkNetworkSpec({ name: 'n'.repeat(50), validators: 11 }).ok).toBe(false)
  })

  test('behavior: members that are undefined count as absent', () => {
    expect(checkNetworkSpec({ name: 'net', image: undefined })).toEqual({ ok: true, value: { name: 'net' } })
  })
})

describe('isBech32', () => {
  test('behavior: every single wrong letter is found', () => {
    const right = account(7)
    expect(isBech32(right, 'sei')).toBe(true)
    for (let at = 4; at < right.length; at++) {
      const letter = right[at] === 'q' ? 'p' : 'q'
      expect(isBech32(right.slice(0, at) + letter + right.slice(at + 1), 'sei')).toBe(false)
    }
  })

  test('behavior: another prefix is another address', () => {
    const cosmos = bech32.encode('cosmos', bech32.toWords(new Uint8Array(20)))
    expect(isBech32(cosmos, 'sei')).toBe(false)
    expect(isBech32(cosmos, 'cosmos')).toBe(true)
  })
})
