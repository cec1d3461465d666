import { expect, test } from 'vitest'
import { open } from '../../src/client.ts'

test('default: a script opens a client, gets a network ready and closes everything behind itself', async () => {
  let rpc: string
  {
    await using sei = await open({ mode: 'embedded', embedded: { blockMs: 50 } })
    expect(sei).toMatchObject({ mode: 'embedded', simulated: true })
    const network = await sei.createNetwork({ name: 'door', validators: 1 })
    await network.waitReady({ timeoutMs: 20_000 })
    expect(await network.waitHeightAdvances(2)).toBeGreaterThan(2)
    rpc = network.endpoints.tendermintRpc
  }
  await expect(fetch(`${rpc}/health`)).rejects.toThrow(/fetch failed/)
})

test('error: a mode nobody knows, and an opening that is cancelled, start nothing', async () => {
  await expect(open({ mode: 'moon' })).rejects.toMatchObject({ code: 'BAD_OPTIONS', class: 'usage' })
  const signal = AbortSignal.abort()
  await expect(open({ mode: 'embedded', signal })).rejects.toMatchObject({ class: 'cancelled' })
})
