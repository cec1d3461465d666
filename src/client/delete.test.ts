import { expect, onTestFinished, test } from 'vitest'
import { startStoredApi, type StoredApi } from '../../test/helpers/stored-api.ts'
import { persistentVolumeClaims, pods, seiNetworks, seiNodes } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import type { DeletePermit } from '../contract/seal.ts'
import { createClient } from './client.ts'
import { watchClosure } from './closure-watch.ts'
import { deleteAndWait } from './delete.ts'
import type { ClientNetwork } from './network.ts'

const permit: DeletePermit = { kind: 'waiver', reason: 'a test' }

async function network(
  deletionPolicy: 'Delete' | 'Retain' = 'Delete',
): Promise<{ store: StoredApi; handle: ClientNetwork }> {
  const store = await startStoredApi()
  const spec = { image: 'i', replicas: 1, genesis: { chainId: 'net' }, deletionPolicy }
  store.put(seiNetworks, { metadata: { name: 'net' }, spec })
  store.put(seiNodes, { metadata: { name: 'net-0' } })
  store.put(pods, { metadata: { name: 'net-0-0', labels: { [labels.node]: 'net-0' } } })
  store.put(persistentVolumeClaims, { metadata: { name: 'data-net-0' } })
  const reach = async (url: string): Promise<string> => url
  const client = createClient({
    kube: store.kube,
    mode: 'embedded',
    simulated: true,
    namespace: 'ns',
    reach,
  })
  onTestFinished(async () => {
    client.close()
    await store.close()
  })
  return { store, handle: await client.getNetwork('net') }
}

function removeAll(store: StoredApi): void {
  store.remove(seiNetworks, 'net')
  store.remove(seiNodes, 'net-0')
  store.remove(pods, 'net-0-0')
  store.remove(persistentVolumeClaims, 'data-net-0')
}

test('default: deletion waits for children, pods and claims, and deletes our object by its uid', async () => {
  const { store, handle } = await network()
  let gone = false
  store.onDelete = () => {
    store.remove(seiNetworks, 'net')
    setTimeout(() => {
      gone = true
      removeAll(store)
    }, 30)
  }
  await handle.delete(permit)
  expect(gone).toBe(true)
  const request = store.seen.find(({ method }) => method === 'DELETE')
  expect(JSON.parse(request?.body ?? '{}')).toMatchObject({
    propagationPolicy: 'Background',
    preconditions: { uid: 'uid-seinetworks-net' },
  })
})

test('error: an API server that says nothing ends the deletion with its budget', async () => {
  const { store } = await network()
  store.silent = true
  const closure = watchClosure(store.kube, ['ns'])
  const ref = { namespace: 'ns', name: 'net' }
  const deletion = deleteAndWait(store.kube, closure, {
    type: seiNetworks,
    ref,
    uid: undefined,
    permit,
    scope: { networks: [ref] },
    timeoutMs: 50,
  })
  await expect(deletion).rejects.toMatchObject({ code: 'DELETE_FAILED', class: 'infra' })
  closure.close()
})

test('error: closing the client ends a deletion that waits', async () => {
  const { store } = await network()
  const closure = watchClosure(store.kube, ['ns'])
  const left = closure.waitGone({ networks: [{ namespace: 'ns', name: 'net' }] }, { timeoutMs: 60_000 })
  await closure.listed({ timeoutMs: 5_000 })
  closure.close()
  await expect(left).rejects.toMatchObject({ class: 'cancelled' })
})

test('behavior: deleting again what is gone succeeds', async () => {
  const { store, handle } = await network()
  store.onDelete = () => removeAll(store)
  await handle.delete(permit)
  await handle.delete(permit)
})

test('behavior: under Retain only the network itself has to go', async () => {
  const { store, handle } = await network('Retain')
  store.onDelete = () => store.remove(seiNetworks, 'net')
  await handle.delete(permit)
  expect(store.seen.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})

test('error: without a seal or a waiver with a reason nothing is sent', async () => {
  const { store, handle } = await network()
  for (const wrong of [undefined, {}, { kind: 'waiver', reason: ' ' }]) {
    await expect(handle.delete(wrong as DeletePermit)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      class: 'usage',
    })
  }
  expect(store.seen.some(({ method }) => method === 'DELETE')).toBe(false)
})
