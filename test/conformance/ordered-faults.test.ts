import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import { watchClosure } from '../../src/client/closure-watch.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { openCluster } from '../../src/clusters/open.ts'
import type { GateName, StuckGate } from '../../src/contract/gates.ts'
import type { NodeHandle } from '../../src/contract/handles.ts'
import type { SeiError } from '../../src/errors/sei-error.ts'
import { captureEvidence } from '../../src/evidence/capture.ts'
import { verifySeal } from '../../src/evidence/seal.ts'

/** Each fault that can be ordered: which node and gate it stops, what the error says, and that nothing is left. */

interface Fault {
  readonly fault: string
  readonly node: RegExp
  readonly gate: GateName
  readonly code: 'READINESS_FAILED' | 'READINESS_TIMEOUT'
  readonly cause: RegExp
  /** The fault is ordered for a follower of a sound network. */
  readonly follower?: boolean
}

const faults: readonly Fault[] = [
  {
    fault: 'never-pulls.on-2',
    node: /-2$/,
    gate: 'phase',
    code: 'READINESS_FAILED',
    cause: /cannot pull image .*not found/,
  },
  {
    fault: 'crash-loops.on-1',
    node: /-1$/,
    gate: 'rpc',
    code: 'READINESS_FAILED',
    cause: /seid crashed 3 times, last with exit code 1/,
  },
  {
    fault: 'unschedulable.on-0',
    node: /-0$/,
    gate: 'phase',
    code: 'READINESS_FAILED',
    cause: /cannot be scheduled: .*Insufficient memory/,
  },
  {
    fault: 'halts-at-3',
    node: /./,
    gate: 'advancing',
    code: 'READINESS_FAILED',
    cause: /halted at height 3/,
  },
  {
    fault: 'status-flaps.on-0',
    node: /-0$/,
    gate: 'height',
    code: 'READINESS_FAILED',
    cause: /status flaps/,
  },
  {
    fault: 'never-caught-up.on-1',
    node: /-1$/,
    gate: 'height',
    code: 'READINESS_TIMEOUT',
    cause: /has not left block sync|still replays/,
  },
  {
    fault: 'evm-never-binds',
    node: /-rpc-0$/,
    gate: 'evm',
    code: 'READINESS_TIMEOUT',
    cause: /EVM opens only/,
    follower: true,
  },
]

function stuckOf(error: SeiError): StuckGate {
  const [first] = (error.details?.stuck ?? []) as StuckGate[]
  if (first === undefined) throw error
  return first
}

let cluster: Cluster
let client: KubeSeiClient
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults '))
  cluster = await openCluster({ mode: 'embedded', source: 'option' })
  client = createClient(cluster, {
    labels: { 'sei.io/harness-run': 'faults' },
    readiness: { gateMs: 2_500, unschedulableMs: 500 },
  })
}, 30_000)

afterAll(async () => {
  client?.close()
  await cluster?.close()
  await rm(folder, { recursive: true })
})

describe('ordered faults', () => {
  for (const [at, fault] of faults.entries()) {
    test(`error: ${fault.fault} is named with node, gate and cause, kept as evidence, and leaves nothing`, async () => {
      const name = `fault${at}`
      const image = `sei/seid:dev--${fault.fault}`
      const network = await client.createNetwork({
        name,
        validators: 3,
        ...(fault.follower === true ? {} : { image }),
      })
      const followers: NodeHandle[] = []
      const failure: SeiError = await network
        .waitReady()
        .then(async () => {
          followers.push(await client.createNode({ name: `${name}-rpc-0`, network: name, image }))
          return await followers[0]?.waitReady()
        })
        .then(
          () => Promise.reject(new Error('everything got ready')),
          (error: SeiError) => error,
        )
      expect(failure).toMatchObject({ code: fault.code })
      const stuck = stuckOf(failure)
      expect(stuck.node).toMatch(fault.node)
      expect(stuck).toMatchObject({ gate: fault.gate, cause: expect.stringMatching(fault.cause) })
      const seal = await captureEvidence({
        kube: cluster.kube,
        networks: [network],
        nodes: followers,
        traces: [],
        failure,
        folder: join(folder, name),
      })
      expect(seal.missing).toEqual([])
      expect(await verifySeal(seal.folder, seal.manifestSha256)).toEqual([])
      await Promise.all([network, ...followers].map((handle) => handle.delete(seal)))
    })
  }

  // The sidecar runs a failed task again when it is submitted again, so that its failure may be read late or never
  // (reference: a slow failure leaves the task Pending). Either way the node and its task are what the error names.
  test('error: ceremony-fails.on-1 is named with node and task, read or not', async () => {
    const image = 'sei/seid:dev--ceremony-fails.on-1'
    const network = await client.createNetwork({ name: 'ceremony', validators: 3, image })
    const failure: SeiError = await network.waitReady({ timeoutMs: 6_000 }).then(
      () => Promise.reject(new Error('everything got ready')),
      (error: SeiError) => error,
    )
    expect(stuckOf(failure)).toMatchObject({
      node: 'ceremony-1',
      gate: 'phase',
      cause: expect.stringContaining('generate-gentx'),
    })
    await network.delete({ kind: 'waiver', reason: 'conformance' })
  })

  test('default: nothing of any of them is left', async () => {
    const closure = watchClosure(cluster.kube, [client.namespace])
    await closure.ready
    expect(await closure.waitGone({ run: 'faults' }, { timeoutMs: 5_000 })).toEqual([])
    expect(closure.unreadable).toEqual([])
    closure.close()
  })
})
