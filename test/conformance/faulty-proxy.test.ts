import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Client, request as ask, type Dispatcher } from 'undici'
import { configMaps } from '../../src/contract/kinds.ts'
import { startApiServer, type ApiServer } from '../../src/embedded/apiserver/server.ts'
import { connect } from '../../src/kube/client.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  calm,
  createSchedule,
  faultKinds,
  routeOf,
  type Asked,
  type FaultKind,
  type Schedule,
} from '../helpers/fault-schedule.ts'
import { startFaultyProxy, type FaultyProxy } from '../helpers/faulty-proxy.ts'

let folder = ''
let server: ApiServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sei-faulty-'))
  server = await startApiServer({ stateDir: folder })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Spoils each request in one way, until it is told to stop. */
function always(kind: FaultKind, chance = 0.1): Schedule & { stop(): void } {
  let stopped = false
  return {
    density: 1,
    next: () => (stopped ? undefined : { kind, chances: [chance, chance, chance] }),
    pageSize: () => undefined,
    stop: () => {
      stopped = true
    },
  }
}

async function proxied(schedule: Schedule): Promise<{ proxy: FaultyProxy; client: Client }> {
  const proxy = await startFaultyProxy(server.info, schedule)
  const client = new Client(proxy.info.server, { connect: { ca: proxy.info.ca } })
  onTestFinished(async () => {
    await client.destroy()
    await proxy.close()
  })
  return { proxy, client }
}

type Answer = Dispatcher.ResponseData

function call(
  client: Client,
  path: string,
  method: Dispatcher.HttpMethod = 'GET',
  body?: unknown,
): Promise<Answer> {
  return ask(`https://127.0.0.1${path}`, {
    dispatcher: client,
    method,
    headers: { authorization: `Bearer ${server.info.token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

/** A Client is bound to its origin: the one of a request is passed over. */
const maps = '/api/v1/namespaces/default/configmaps'
const map = (name: string): unknown => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

async function exists(name: string): Promise<boolean> {
  const kube = connect(server.info)
  try {
    return (await kube.find(configMaps, { name })) !== undefined
  } finally {
    await kube.close()
  }
}

describe('calm', () => {
  test('default: requests, answers and watches get through as they are', async () => {
    const { proxy, client } = await proxied(calm)
    expect((await call(client, maps, 'POST', map('calm'))).statusCode).toBe(201)
    const answer = await call(client, `${maps}/calm`)
    expect(await answer.body.json()).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'calm' } })
    const kube = connect(proxy.info)
    onTestFinished(() => kube.close())
    const watch = kube.watch(configMaps, { namespace: 'default' })
    await watch.waitFor((items) => items.find(({ metadata }) => metadata.name === 'calm'))
    await kube.delete(configMaps, { name: 'calm' })
    await watch.waitFor((items) => items.every(({ metadata }) => metadata.name !== 'calm') || undefined)
    expect(proxy.handled.map(({ kind }) => kind).toSorted()).toEqual([
      'list',
      'read',
      'watch',
      'write',
      'write',
    ])
  })

  test('error: a wrong token is refused by the server behind it', async () => {
    const { client } = await proxied(calm)
    const answer = await ask(`https://127.0.0.1${maps}`, {
      dispatcher: client,
      headers: { authorization: 'Bearer x' },
    })
    expect(answer.statusCode).toBe(401)
  })
})

describe('requests', () => {
  test.for(faultKinds.filter((kind) => /^\d+( with|$)/.test(kind)))(
    'error: %s is answered, and nothing is done',
    async (kind) => {
      for (const chance of [0.1, 0.9]) {
        const { client } = await proxied(always(kind, chance))
        const answer = await call(client, maps, 'POST', map('refused'))
        expect(answer.statusCode).toBe(Number.parseInt(kind, 10))
        expect(answer.headers['retry-after'] !== undefined).toBe(kind.endsWith('Retry-After'))
        await answer.body.text()
      }
      expect(await exists('refused')).toBe(false)
    },
  )

  test('error: refusals come as the API server says them, and as others do', async () => {
    const bodies = await Promise.all(
      [0.01, 0.1].map(async (chance) => {
        const { client } = await proxied(always('503', chance))
        return (await call(client, maps)).body.text()
      }),
    )
    expect(bodies[0]).toContain('"kind":"Status"')
    expect(bodies[1]).toBe('injected by the faulty proxy\n')
  })

  test('error: reset before: no answer, and nothing is done', async () => {
    const { client } = await proxied(always('reset before'))
    await expect(call(client, maps, 'POST', map('never'))).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await exists('never')).toBe(false)
  })

  test.for(['reset after', '504 after', 'half a body'] as const)(
    'error: %s: no whole answer, and it is done',
    async (kind) => {
      const { client } = await proxied(always(kind))
      const name = kind.replaceAll(' ', '-')
      const answered = call(client, maps, 'POST', map(name)).then(async ({ statusCode, body }) => {
        await body.text()
        return statusCode
      })
      if (kind === '504 after') expect(await answered).toBe(504)
      else
        await expect(answered).rejects.toMatchObject({
          code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
        })
      expect(await exists(name)).toBe(true)
    },
  )

  test('behavior: slow headers and a slow body arrive whole', async () => {
    for (const kind of ['slow headers', 'slow body'] as const) {
      const { client } = await proxied(always(kind))
      const { body } = await call(client, '/api/v1/namespaces/kube-system')
      expect(await body.json()).toMatchObject({ metadata: { name: 'kube-system' } })
    }
  })

  test('behavior: a slow body comes in pieces', async () => {
    const { client } = await proxied(always('slow body'))
    const { body } = await call(client, '/api/v1/namespaces/kube-system')
    const pieces: Buffer[] = []
    for await (const piece of body as AsyncIterable<Buffer>) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(3)
  })

  test('error: 410 page answers a further page, and small pages make some', async () => {
    for (const name of ['a', 'b', 'c']) await call((await proxied(calm)).client, maps, 'POST', map(name))
    const { client } = await proxied({ ...always('410 page'), pageSize: () => 1 })
    expect((await call(client, `${maps}?limit=500&continue=x`)).statusCode).toBe(410)
    const small = await proxied({ ...calm, pageSize: () => 1 })
    const list = (await (await call(small.client, `${maps}?limit=500`)).body.json()) as {
      items: unknown[]
      metadata: { continue?: string }
    }
    expect(list.items).toHaveLength(1)
    expect(list.metadata.continue).toBeDefined()
  })
})

describe('watches', () => {
  const watching = `${maps}?watch=true&allowWatchBookmarks=true&resourceVersion=0`

  /** What arrives until the watch is over, and how it ended. */
  async function linesOf(kind: FaultKind, chance: number): Promise<{ text: string; broken: boolean }> {
    const { client } = await proxied(always(kind, chance))
    const { body, statusCode } = await call(client, watching)
    expect(statusCode).toBe(200)
    let text = ''
    try {
      for await (const piece of body.setEncoding('utf8') as AsyncIterable<string>) text += piece
      return { text, broken: false }
    } catch {
      return { text, broken: true }
    }
  }

  beforeAll(async () => {
    const kube = connect(server.info)
    for (const name of ['one', 'two', 'three'])
      await kube.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
    await kube.close()
  })

  test('error: a cut watch ends after some lines, in order or by a reset', async () => {
    const [reset, ended] = [await linesOf('cut watch', 0.4), await linesOf('cut watch', 0.6)]
    expect(reset.broken).toBe(true)
    expect(ended.broken).toBe(false)
    const lines = ended.text.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ type: 'ADDED' })
  })

  test('error: half a line is no JSON, and ends without its end', async () => {
    for (const chance of [0.4, 0.6]) {
      const { text, broken } = await linesOf('half a line', chance)
      expect(broken).toBe(chance > 0.5)
      const last = text.split('\n').at(-1) ?? ''
      expect(last).not.toBe('')
      expect(() => JSON.parse(last)).toThrow(SyntaxError)
    }
  })

  test('error: a 410 event is the last line', async () => {
    const { text, broken } = await linesOf('410 event', 0.3)
    expect(broken).toBe(false)
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    })
  })

  test('error: a 410 watch is not opened', async () => {
    const { client } = await proxied(always('410 watch'))
    expect((await call(client, watching)).statusCode).toBe(410)
  })

  test('error: a stalled watch stays open and says nothing more', async () => {
    const { client } = await proxied(always('stalled watch', 0.3))
    const { body } = await call(client, watching)
    let text = ''
    body.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    body.on('error', () => undefined)
    await expect.poll(() => text.split('\n').length).toBe(2)
    const before = text
    await call((await proxied(calm)).client, maps, 'POST', map('unheard-of'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(text).toBe(before)
    expect(body.readableEnded).toBe(false)
  })
})

describe('the schedule', () => {
  const asked = (path: string): Asked => ({ kind: 'read', method: 'GET', path })
  const pod = (name: string): Asked => asked(`/api/v1/namespaces/default/pods/${name}`)

  test('default: a seed says the same again; another says something else', () => {
    const run = (seed: number): (FaultKind | undefined)[] => {
      const schedule = createSchedule(seed)
      return Array.from({ length: 200 }, () => schedule.next(pod('a'))?.kind)
    }
    expect(run(7)).toEqual(run(7))
    expect(run(7)).not.toEqual(run(8))
  })

  test('behavior: the order in which other requests come changes nothing', () => {
    const [plain, mixed] = [createSchedule(3), createSchedule(3)]
    const first = Array.from({ length: 100 }, () => plain.next(pod('a'))?.kind)
    const second = Array.from({ length: 100 }, () => {
      mixed.next(asked('/apis/sei.io/v1alpha1'))
      return mixed.next(pod('a'))?.kind
    })
    expect(second).toEqual(first)
  })

  test('behavior: one request is spoilt at most three times in a row, those apart that are owed', () => {
    for (let seed = 1; seed < 50; seed += 1) {
      const schedule = createSchedule(seed)
      let row = 0
      for (let count = 0; count < 400; count += 1) {
        row =
          schedule.next({ kind: 'watch', method: 'GET', path: '/api/v1/pods' }) === undefined ? 0 : row + 1
        expect(row).toBeLessThanOrEqual(3)
      }
    }
  })

  test('behavior: whichever seed comes first, ten of them have every kind', () => {
    const of = (seed: number): (FaultKind | undefined)[] => {
      const schedule = createSchedule(seed)
      const services = '/api/v1/namespaces/default/services'
      const asked: readonly Asked[] = [
        { kind: 'list', method: 'GET', path: '/api/v1/namespaces/default/pods' },
        { kind: 'watch', method: 'GET', path: '/api/v1/namespaces/default/pods' },
        { kind: 'write', method: 'PATCH', path: '/apis/sei.io/v1alpha1/namespaces/default/seinetworks/a' },
        { kind: 'page', method: 'GET', path: services },
      ]
      return asked.flatMap((one) => Array.from({ length: 4 }, () => schedule.next(one)?.kind))
    }
    for (const first of [1, 7, 1_000, 123_456]) {
      const found = new Set(Array.from({ length: 10 }, (_, at) => of(first + at)).flat())
      expect(faultKinds.filter((kind) => !found.has(kind))).toEqual([])
    }
  })

  test('behavior: names that a run makes up are no part of a route', () => {
    expect(routeOf('/apis/sei.io/v1alpha1/namespaces/default/seinodes/sei-x-1-0')).toBe(
      'apis/sei.io/v1alpha1/namespaces/*/seinodes/*',
    )
    expect(routeOf('/api/v1/namespaces/sei-a')).toBe('api/v1/namespaces/*')
    expect(routeOf('/api/v1/namespaces/a/pods/b/log')).toBe('api/v1/namespaces/*/pods/*/log')
    expect(routeOf('/api/v1/namespaces/a/pods')).toBe('api/v1/namespaces/*/pods')
    expect(routeOf('/apis/sei.io/v1alpha1')).toBe('apis/sei.io/v1alpha1')
  })
})
