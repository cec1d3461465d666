import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { configMaps } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { connect } from '../../../kube/client.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { openStore, type Store } from './store.ts'

let server: Server | undefined
let kube: KubeClient | undefined

afterEach(async () => {
  await kube?.close()
  server?.closeAllConnections()
  server?.close()
})

function mapOf(name: string, resourceVersion: string, uid = name, owner?: string): KubeObject {
  const reference = { apiVersion: 'v1', kind: 'X', name: 'x', uid: owner ?? '', controller: true }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'ns',
      uid,
      resourceVersion,
      ...(owner === undefined ? {} : { ownerReferences: [reference] }),
    },
  }
}

/** A store over a server whose list holds `items`; `send` adds an event to its watch and waits until it was taken. */
async function storeOver(
  items: readonly KubeObject[],
): Promise<{ store: Store<KubeObject>; send: (type: string, object: KubeObject) => Promise<void> }> {
  const streams: ServerResponse[] = []
  const opened = Promise.withResolvers<void>()
  server = createServer((request, response) => {
    if (!String(request.url).includes('watch=')) {
      const metadata = { resourceVersion: '1' }
      response.end(JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items }))
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    streams.push(response)
    opened.resolve()
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  kube = connect({ server: `http://127.0.0.1:${port}`, namespace: 'default' })
  const store = openStore<KubeObject>(kube, configMaps)
  await store.ready
  await opened.promise
  const send = async (type: string, object: KubeObject): Promise<void> => {
    const taken = new Promise<void>((resolve) =>
      store.onChange(({ before, after }) => {
        const version = (after ?? before)?.metadata.resourceVersion
        if (version === object.metadata.resourceVersion) resolve()
      }),
    )
    for (const stream of streams) stream.write(`${JSON.stringify({ type, object })}\n`)
    await taken
  }
  return { store, send }
}

const a = { namespace: 'ns', name: 'a' }

test('default: a write of ours is seen before the watch tells of it, and never undone by older news', async () => {
  const { store, send } = await storeOver([mapOf('a', '1')])
  store.note(mapOf('a', '5'))
  expect(store.get(a)?.metadata.resourceVersion).toBe('5')
  await send('MODIFIED', mapOf('a', '3'))
  expect(store.get(a)?.metadata.resourceVersion).toBe('5')
  await send('MODIFIED', mapOf('a', '6'))
  expect(store.get(a)?.metadata.resourceVersion).toBe('6')
})

test('behavior: the answer to a write on an object that has gone since does not bring it back', async () => {
  const { store, send } = await storeOver([mapOf('a', '1')])
  await send('DELETED', mapOf('a', '4'))
  store.note(mapOf('a', '3'))
  expect(store.get(a)).toBeUndefined()
  store.note(mapOf('a', '7', 'successor'))
  expect(store.get(a)?.metadata.uid).toBe('successor')
})

test('behavior: late news of a predecessor does not take its successor', async () => {
  const { store, send } = await storeOver([mapOf('a', '1')])
  store.note(mapOf('a', '7', 'successor'))
  await send('DELETED', mapOf('a', '6'))
  expect(store.get(a)?.metadata.uid).toBe('successor')
})

test('behavior: what is owned is found by its owner, and no longer once it is disowned', async () => {
  const { store } = await storeOver([mapOf('a', '1', 'a', 'o'), mapOf('b', '1', 'b', 'o'), mapOf('c', '1')])
  const owned = (): string[] => store.ownedBy('o').map((object) => object.metadata.name)
  expect(owned()).toEqual(['a', 'b'])
  store.note(mapOf('a', '2'))
  expect(owned()).toEqual(['b'])
})

test('behavior: changes carry the version told before, whatever was written in between', async () => {
  const { store, send } = await storeOver([mapOf('a', '1')])
  const seen: (string | undefined)[][] = []
  store.onChange(({ before, after }) =>
    seen.push([before?.metadata.resourceVersion, after?.metadata.resourceVersion]),
  )
  store.note(mapOf('a', '5'))
  await send('MODIFIED', mapOf('a', '5'))
  await send('DELETED', mapOf('a', '6'))
  expect(seen).toEqual([
    [undefined, '1'],
    ['1', '5'],
    ['6', undefined],
  ])
})
