import type { KubeSeiClient } from '../../src/client/client.ts'
import { wireNetwork, wireNode } from '../../src/client/wire.ts'
import type { LeaseCalls, LeaseVerb } from '../../src/contract/lease.ts'
import { SeiError } from '../../src/errors/sei-error.ts'
import { fromWire, toWire } from '../../src/errors/wire.ts'
import type { LeaseTransport } from '../../src/runner/handles/transport.ts'

type Table = {
  readonly [V in LeaseVerb]?: (args: LeaseCalls[V]['args']) => Promise<LeaseCalls[V]['result']>
}

/** Carries the verbs of remote handles to a client as the lease API does: arguments, results and errors as JSON. */
export function jsonTransport(client: KubeSeiClient): LeaseTransport {
  const waiver = (reason: string) => ({ kind: 'waiver', reason }) as const
  const wait = (timeoutMs: number | undefined) => (timeoutMs === undefined ? {} : { timeoutMs })
  const table: Table = {
    refreshNetwork: async ({ name, namespace }) => (await client.getNetwork(name, namespace)).refresh(),
    refreshNode: async ({ name, namespace }) => (await client.getNode(name, namespace)).refresh(),
    getNetwork: async ({ name, namespace }) => wireNetwork(await client.getNetwork(name, namespace)),
    getNode: async ({ name, namespace }) => wireNode(await client.getNode(name, namespace)),
    createNetwork: async ({ spec }) => wireNetwork(await client.createNetwork(spec)),
    createNode: async ({ spec }) => wireNode(await client.createNode(spec)),
    waitNodeReady: async ({ name, namespace, timeoutMs }) =>
      (await client.getNode(name, namespace)).waitReady(wait(timeoutMs)),
    waitNetworkReady: async ({ name, namespace, timeoutMs }) =>
      (await client.getNetwork(name, namespace)).waitReady(wait(timeoutMs)),
    deleteNode: async ({ name, namespace, reason }) => {
      await (await client.getNode(name, namespace)).delete(waiver(reason))
      return null
    },
    deleteNetwork: async ({ name, namespace, reason }) => {
      await (await client.getNetwork(name, namespace)).delete(waiver(reason))
      return null
    },
  }
  return {
    call: async <V extends LeaseVerb>(verb: V, args: LeaseCalls[V]['args']) => {
      const run = table[verb] as ((args: unknown) => Promise<LeaseCalls[V]['result']>) | undefined
      if (run === undefined) throw new SeiError(`no verb ${verb}`, { class: 'infra', code: 'LEASE_FAILED' })
      try {
        return overTheWire(await run(overTheWire(args)))
      } catch (error) {
        throw fromWire(overTheWire(toWire(error)))
      }
    },
  }
}

/** What is left of a value after JSON: an `undefined` argument is gone, a class is plain data. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
