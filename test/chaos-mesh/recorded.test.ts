import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { recordedNames } from '../helpers/chaos-mesh-captures.ts'
import { realChaosMesh } from '../helpers/real-chaos-mesh.ts'
import { startRealServer } from '../helpers/real-server.ts'
import { type Replayed, replayRecorded } from '../helpers/workflow-replay.ts'
import { startWorkflowWorld, type WorkflowWorld, type WorldOptions } from '../helpers/workflow-world.ts'

const isReal = process.env['SEI_ENVTEST'] === '1' || realChaosMesh !== undefined

let world: WorkflowWorld
let site: Server
let siteUrl = ''
let real: Awaited<ReturnType<typeof startRealServer>> | undefined

beforeAll(async () => {
  if (isReal) real = await startRealServer()
  // What the recorded status checks looked at.
  site = createServer((request, response) => {
    response.writeHead(request.url === '/ok' ? 200 : 500).end()
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterEach(() => world.close())
afterAll(async () => {
  site.close()
  site.closeAllConnections()
  await real?.close()
})

async function replay(name: string, options: WorldOptions = {}): Promise<Replayed> {
  world = await startWorkflowWorld({ ...options, server: real?.info })
  return replayRecorded(world, name, siteUrl)
}

test.each(recordedNames())(
  'default: %s goes through the same conditions, nodes, pods and events as on real controllers',
  async (name) => {
    const { stages, events } = await replay(name)
    expect(stages.length).toBeGreaterThan(0)
    for (const { stage, played, recorded } of stages) expect(played, stage).toEqual(recorded)
    for (const { about, played, recorded } of events) expect(played, about).toEqual(recorded)
  },
)

/** Numbers that look like chance and come again: which controller hears first is another one for each seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** Whether the next step starts before the abort by a status check arrives is chance on real controllers, too. */
const settled = recordedNames().filter((name) => name !== 'e-sc-abort-annotated')

describe.skipIf(isReal)('whichever controller hears first', () => {
  for (const seed of [1, 2])
    test.each(settled)(`behavior: %s comes to the same, order ${seed}`, async (name) => {
      const draw = chance(seed)
      const { stages } = await replay(name, { latencyMs: () => Math.floor(draw() ** 3 * 150) })
      for (const { stage, played, recorded } of stages) expect(played, stage).toEqual(recorded)
    })
})
