import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startServer, type Handler, type TestServer } from '../../test/helpers/http-server.ts'
import { pods } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { connect } from './client.ts'
import { isForbidden } from './errors.ts'
import type { KubeClient, Watch } from './types.ts'

type Stream = (response: ServerResponse, url: URL, count: number) => void

interface Script {
  /** Answer of the nth list. */
  readonly list: (count: number) => { version: string; items: readonly KubeObject[] }
  /** What the nth watch stream does after its headers. */
  readonly stream: Stream
  readonly stallMs?: number
}

function pod(name: string, version: number, more: object = {}): KubeObject {
  const metadata = { name, namespace: 'x', uid: `uid-${name}`, resourceVersion: String(version), ...more }
  return { apiVersion: 'v1', kind: 'Pod', metadata }
}

function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`
}

function bookmark(version: number): string {
  return line('BOOKMARK', { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: String(version) } })
}

async function start(handle: Handler, stallMs = 60_000): Promise<{ server: TestServer; client: KubeClient }> {
  const server = await startServer(handle)
  const client = connect({ server: server.url, namespace: 'x' }, { watchStallMs: stallMs })
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  return { server, client }
}

/** A server that follows a script of lists and streams; `versions` are those the streams were asked from. */
async function play(
  script: Script,
): Promise<{ client: KubeClient; versions: string[]; lists: () => number }> {
  let lists = 0
  const versions: string[] = []
  const { client } = await start((seen, response) => {
    const url = new URL(seen.url, 'http://x')
    if (!url.searchParams.has('watch')) {
      lists += 1
      const { version, items } = script.list(lists)
      return answerJson(response, 200, { metadata: { resourceVersion: version }, items })
    }
    versions.push(url.searchParams.get('resourceVersion') ?? '')
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    script.stream(response, url, versions.length)
  }, script.stallMs)
  return { client, versions, lists: () => lists }
}

function record(watch: Watch<KubeObject>): string[] {
  const events: string[] = []
  watch.subscribe(({ type, object }) => {
    events.push(`${type} ${object.metadata.name}@${object.metadata.resourceVersion}`)
  })
  return events
}

function until(watch: Watch<KubeObject>, name: string): Promise<KubeObject> {
  return watch.waitFor((items) => items.find((item) => item.metadata.name === name))
}

const empty = { version: '1', items: [] }

test('default: lists, then follows from the list’s version with bookmarks', async () => {
  const { client, versions } = await play({
    list: () => ({ version: '5', items: [pod('a', 3)] }),
    stream: (response, url) => {
      expect(url.searchParams.get('allowWatchBookmarks')).toBe('true')
      response.write(
        line('ADDED', pod('b', 6)) + line('MODIFIED', pod('a', 7)) + line('DELETED', pod('a', 8)),
      )
    },
  })
  const watch = client.watch(pods, { namespace: 'x' })
  const events = record(watch)
  await watch.ready
  await watch.waitFor((items) => (items.length === 1 && items[0]?.metadata.name === 'b' ? true : undefined))
  expect(events).toEqual(['ADDED a@3', 'ADDED b@6', 'MODIFIED a@7', 'DELETED a@8'])
  expect(watch.get({ namespace: 'x', name: 'b' })).toEqual(pod('b', 6))
  expect(versions).toEqual(['5'])
})

test('behavior: one stream serves all who watch the same and ends with the last of them', async () => {
  let closed = 0
  const { client, versions } = await play({
    list: () => empty,
    stream: (response) => void response.on('close', () => (closed += 1)).write(line('ADDED', pod('a', 2))),
  })
  const [one, two] = [client.watch(pods), client.watch(pods)]
  await Promise.all([until(one, 'a'), until(two, 'a')])
  one.close()
  one.close()
  expect(two.items()).toHaveLength(1)
  expect(closed).toBe(0)
  two.close()
  await expect.poll(() => closed).toBe(1)
  expect(versions).toHaveLength(1)
  const again = client.watch(pods)
  await until(again, 'a')
  expect(versions).toHaveLength(2)
})

test('behavior: a late subscriber first gets what is there', async () => {
  const { client } = await play({
    list: () => ({ version: '2', items: [pod('a', 2)] }),
    stream: () => undefined,
  })
  const watch = client.watch(pods)
  await watch.ready
  expect(record(watch)).toEqual(['ADDED a@2'])
})

const breaks: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['a clean end', (response) => void response.end()],
  ['a reset', (response) => void response.destroy()],
  ['half a line', (response) => void response.end('{"type":"ADDED","obj')],
  ['garbage', (response) => void response.write('garbage\n')],
]

test.for(breaks)('behavior: resumes from the last version after %s', async ([, breakOff]) => {
  const { client, versions, lists } = await play({
    list: () => empty,
    stream: (response, _, count): void => {
      if (count > 1) return void response.write(line('ADDED', pod('c', 9)))
      response.write(line('ADDED', pod('a', 2)) + bookmark(8))
      // The break must not overtake the lines before it.
      setImmediate(breakOff, response)
    },
  })
  const watch = client.watch(pods)
  const events = record(watch)
  await until(watch, 'c')
  expect(events).toEqual(['ADDED a@2', 'ADDED c@9'])
  expect(versions).toEqual(['1', '8'])
  expect(lists()).toBe(1)
})

test('behavior: a stream without a byte for longer than the interval is replaced', async () => {
  const { client, versions } = await play({
    stallMs: 100,
    list: () => empty,
    stream: (response, _, count) => {
      if (count > 1) response.write(line('ADDED', pod('a', 2)))
    },
  })
  await until(client.watch(pods), 'a')
  expect(versions.slice(0, 2)).toEqual(['1', '1'])
})

test('behavior: a stream ends before its silence would count as death, where no bookmark comes in that time', async () => {
  const asked = async (stallMs: number): Promise<number> => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const { client } = await play({
      stallMs,
      list: () => empty,
      stream: (_, url) => resolve(1_000 * Number(url.searchParams.get('timeoutSeconds'))),
    })
    client.watch(pods)
    return promise
  }
  expect(await asked(10_000)).toBeLessThanOrEqual(8_000)
  expect(await asked(90_000)).toBeGreaterThanOrEqual(300_000)
})

test('behavior: nothing counts as absent before the first list is whole', async () => {
  let deleted = false
  const { client } = await play({
    list: () => ({ version: '5', items: [pod('b', 3), pod('a', 4)] }),
    stream: (response) => {
      deleted = true
      response.write(line('DELETED', pod('a', 6)))
    },
  })
  const gone = client
    .watch(pods)
    .waitFor((items) => (items.some(({ metadata }) => metadata.name === 'a') ? undefined : { deleted }))
  expect(await gone).toEqual({ deleted: true })
})

test('behavior: an empty first list answers who waits for absence', async () => {
  const { client } = await play({ list: () => empty, stream: () => undefined })
  expect(await client.watch(pods).waitFor((items) => (items.length === 0 ? 'none' : undefined))).toBe('none')
})

test.for([
  ['an ERROR event', true],
  ['the answer’s status', false],
] as const)('behavior: 410 as %s relists and reports the difference', async ([, inStream]) => {
  const gone = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: 410,
    reason: 'Expired',
  }
  let lists = 0
  let streams = 0
  const { client } = await start((seen, response) => {
    if (!seen.url.includes('watch=')) {
      lists += 1
      const first = [pod('stays', 2), pod('changes', 3), pod('goes', 4), pod('reborn', 5)]
      const second = [
        pod('stays', 2),
        pod('changes', 8),
        pod('comes', 9),
        pod('reborn', 10, { uid: 'other' }),
      ]
      const items = lists === 1 ? first : second
      return answerJson(response, 200, { metadata: { resourceVersion: String(lists * 10) }, items })
    }
    streams += 1
    if (streams > 1) return void response.writeHead(200).flushHeaders()
    if (!inStream) return answerJson(response, 410, gone)
    response.writeHead(200)
    response.end(line('ERROR', gone))
  })
  const watch = client.watch(pods)
  await watch.ready
  const events = record(watch)
  await until(watch, 'comes')
  expect(events.slice(4)).toEqual([
    'DELETED goes@4',
    'MODIFIED changes@8',
    'ADDED comes@9',
    'DELETED reborn@5',
    'ADDED reborn@10',
  ])
})

test('behavior: 429 and 5xx are backed off and do not lose the place', async () => {
  let streams = 0
  const { server, client } = await start((seen, response) => {
    if (!seen.url.includes('watch=')) {
      return answerJson(response, 200, { metadata: { resourceVersion: '4' }, items: [] })
    }
    streams += 1
    if (streams === 1) return answerJson(response, 429, {}, { 'retry-after': '0' })
    if (streams === 2) return void response.writeHead(503).end('overloaded')
    response.writeHead(200)
    response.write(line('ADDED', pod('a', 5)))
  })
  await until(client.watch(pods), 'a')
  const asked = server.seen.filter((seen) => seen.url.includes('watch='))
  expect(asked.every((seen) => seen.url.includes('resourceVersion=4'))).toBe(true)
})

test('behavior: lines are cut at newlines only, whatever the chunks', async () => {
  const text = 'snow ☃ 😀 \u2028 \u2029 \r end'
  const { client } = await play({
    list: () => empty,
    stream: async (response) => {
      const bytes = Buffer.from(line('ADDED', pod('a', 2, { annotations: { text } })))
      for (const byte of bytes) {
        response.write(Buffer.from([byte]))
        await new Promise(setImmediate)
      }
    },
  })
  const found = await until(client.watch(pods), 'a')
  expect(found.metadata.annotations).toEqual({ text })
})

test('error: a watch refused for good rejects ready and who waits, and is tried anew by the next', async () => {
  let allowed = false
  const { client } = await start((seen, response) => {
    const forbidden = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'no' }
    if (!allowed) return answerJson(response, 403, forbidden)
    if (!seen.url.includes('watch=')) {
      return answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [pod('a', 1)] })
    }
    response.writeHead(200).flushHeaders()
  })
  const watch = client.watch(pods)
  const waiting = expect(until(watch, 'a')).rejects.toSatisfy(isForbidden)
  await expect(watch.ready).rejects.toSatisfy(isForbidden)
  await waiting
  allowed = true
  await until(client.watch(pods), 'a')
})

test('error: waitFor ends with its time-out, its signal, its predicate’s error or the watch', async () => {
  const { client } = await play({ list: () => empty, stream: () => undefined })
  const watch = client.watch(pods)
  await watch.ready
  const never = (): undefined => undefined
  await expect(watch.waitFor(never, { timeoutMs: 1, description: 'rain' })).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    class: 'timeout',
    message: expect.stringContaining('1 ms for rain'),
  })
  const signal = AbortSignal.abort()
  await expect(watch.waitFor(never, { signal })).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  const bad = (): never => {
    throw new Error('mine')
  }
  await expect(watch.waitFor(bad)).rejects.toThrow('mine')
  const waiting = expect(watch.waitFor(never)).rejects.toMatchObject({ code: 'KUBE_WATCH' })
  watch.close()
  await waiting
})

test('behavior: a time-out tells what keeps the watch from running', async () => {
  const { server, client } = await start((_, response) =>
    answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] }),
  )
  await server.close()
  const watch = client.watch(pods)
  await expect(watch.waitFor(() => undefined, { timeoutMs: 300 })).rejects.toThrow('ECONNREFUSED')
})

test('behavior: a page of its list that fails is asked for again, not the whole list', async () => {
  const asked = new Map<string, number>()
  const { client } = await start((seen, response) => {
    const url = new URL(seen.url, 'http://x')
    if (url.searchParams.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.flushHeaders()
    }
    const from = url.searchParams.get('continue') ?? '0'
    const times = (asked.get(from) ?? 0) + 1
    asked.set(from, times)
    if (from !== '0' && times === 1) return answerJson(response, 503, {})
    const next = Number(from) + 1
    const metadata = { resourceVersion: '9', ...(next < 5 ? { continue: String(next) } : {}) }
    answerJson(response, 200, { metadata, items: [pod(`p${from}`, 1)] })
  })
  const watch = client.watch<KubeObject>(pods, { namespace: 'x' })
  await watch.ready
  expect(watch.items().map(({ metadata }) => metadata.name)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
  expect([...asked]).toEqual([['0', 1], ...['1', '2', '3', '4'].map((page) => [page, 2])])
  watch.close()
})
