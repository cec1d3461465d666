import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createPortBook } from './ports.ts'
import { createProxy, type Proxy } from './proxy.ts'

const servers: HttpServer[] = []
const proxies: Proxy[] = []
afterEach(() => {
  for (const proxy of proxies.splice(0)) proxy.close()
  for (const server of servers.splice(0)) server.close()
})

async function backend(name: string): Promise<() => Promise<number>> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { connection: 'close' }).end(name),
  )
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return async () => port
}

async function start(): Promise<{ proxy: Proxy; ask: () => Promise<string> }> {
  const ports = createPortBook(`proxy-${proxies.length}`)
  const proxy = createProxy(ports, 'ns/net-internal', 26657)
  proxies.push(proxy)
  const port = await ports.of('ns/net-internal', 26657)
  return { proxy, ask: async () => (await fetch(`http://127.0.0.1:${port}/`)).text() }
}

/** Repeats until it holds: listening begins a moment after the backends are set. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch {
      await new Promise(setImmediate)
    }
  }
}

describe('proxy of a ClusterIP Service', () => {
  test('error: without a Ready pod connections are refused', async () => {
    const { ask, proxy } = await start()
    await expect(ask()).rejects.toThrow('fetch failed')
    proxy.setBackends([await backend('a')])
    expect(await eventually(ask)).toBe('a')
    proxy.setBackends([])
    await expect(ask()).rejects.toThrow('fetch failed')
  })

  test('behavior: connections go round the Ready pods', async () => {
    const { ask, proxy } = await start()
    proxy.setBackends([await backend('a'), await backend('b')])
    const seen = [await eventually(ask), await ask(), await ask(), await ask()]
    expect([...seen].sort()).toEqual(['a', 'a', 'b', 'b'])
  })

  test('behavior: a pod that came later is used by the next connection', async () => {
    const { ask, proxy } = await start()
    proxy.setBackends([await backend('a')])
    await eventually(ask)
    proxy.setBackends([await backend('b')])
    expect(await ask()).toBe('b')
  })
})
