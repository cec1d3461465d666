import { expect, onTestFinished, test } from 'vitest'
import { startRecordedSeid } from '../../test/helpers/recorded-seid.ts'
import { attachedEndpoints } from '../contract/attach.ts'
import { attachClient, attachNetwork } from './attach.ts'

async function env(): Promise<Record<string, string>> {
  const node = await startRecordedSeid()
  node.beforeStatus = () => {
    node.state.height += 1
  }
  onTestFinished(() => node.close())
  const { tendermintRpc, evmJsonRpc = '', tendermintRest = '' } = node.endpoints
  return { SEI_TENDERMINT_RPC: tendermintRpc, SEI_EVM_JSON_RPC: evmJsonRpc, RPC_REST: tendermintRest }
}

test('default: attached nodes pass their gates without a phase and say their chain id', async () => {
  const { network, followers } = attachNetwork(await env())
  const [trace] = await network.waitReady()
  expect(trace?.steps[0]).toMatchObject({ gate: 'phase', state: 'not applicable' })
  expect(network.chainId).toBe('sei-local-1')
  expect(await network.latestHeight()).toBeGreaterThan(1)
  expect(await followers[0]?.evmChainId()).toBe(713714)
})

test('error: whatever needs a cluster says so with one code', async () => {
  const client = attachClient(await env())
  const network = await client.getNetwork('any')
  const permit = { kind: 'waiver', reason: 'x' } as const
  const refused = [
    client.createNetwork({ name: 'a' }),
    client.createNode({ name: 'a', network: 'b' }),
    network.refresh(),
    network.delete(permit),
  ]
  for (const one of refused) {
    await expect(one).rejects.toMatchObject({ code: 'CAPABILITY_MISSING', class: 'usage' })
  }
})

test("default: a list's further EVM URLs are nodes of their own", () => {
  const checked = attachedEndpoints({
    RPC_TM_RPC: 'http://a:26657',
    RPC_EVM_RPC_LIST: 'http://a:8545, http://b:8545',
  })
  expect(checked).toMatchObject({
    ok: true,
    value: { nodes: [{ evmJsonRpc: 'http://a:8545' }, { evmJsonRpc: 'http://b:8545' }] },
  })
})

test('error: no RPC URL, or a value that is no URL, is named without its value', () => {
  expect(() => attachNetwork({ RPC_EVM_RPC: 'http://a:8545' })).toThrow(/no Tendermint RPC URL/)
  const wrong = attachedEndpoints({ SEI_TENDERMINT_RPC: 'a:sesame@b' })
  expect(JSON.stringify(wrong)).toContain('SEI_TENDERMINT_RPC')
  expect(JSON.stringify(wrong)).not.toContain('sesame')
})
