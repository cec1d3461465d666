import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startServer } from '../../test/helpers/http-server.ts'
import { connect } from '../kube/client.ts'
import { watchTerminations } from './termination-watch.ts'

const ended = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'rpc-0-0',
    namespace: 'x',
    uid: 'first',
    resourceVersion: '5',
    labels: { 'sei.io/node': 'rpc-0' },
  },
  spec: { containers: [] },
  status: {
    containerStatuses: [
      {
        name: 'seid',
        image: 'sei/seid:v1',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode: 2, reason: 'Error', containerID: 'containerd://a' } },
      },
    ],
  },
}

/** What is told of the log of a container that ended, where its pod by now has this uid and answers with this log. */
async function logOf(now: { readonly uid: string; readonly log: string }): Promise<string | undefined> {
  const server = await startServer((seen, response) => {
    const url = new URL(seen.url, 'http://x')
    if (url.pathname.endsWith('/log')) {
      if (url.searchParams.get('previous') === 'true') return answerJson(response, 400, {})
      return void response.end(now.log)
    }
    if (url.searchParams.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.flushHeaders()
    }
    if (url.pathname.endsWith('/pods'))
      return answerJson(response, 200, { metadata: { resourceVersion: '5' }, items: [ended] })
    answerJson(response, 200, { ...ended, metadata: { ...ended.metadata, uid: now.uid } })
  })
  const kube = connect({ server: server.url, namespace: 'x' })
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const watch = watchTerminations({
    kube,
    concerns: () => true,
    onTermination: (_, log) => resolve(log),
  })
  onTestFinished(async () => {
    watch.close()
    await kube.close()
    await server.close()
  })
  watch.include('x')
  return promise
}

test('default: the log of the container that ended', async () => {
  expect(await logOf({ uid: 'first', log: 'panic: out of luck\n' })).toBe('panic: out of luck\n')
})

test('behavior: the log of the pod that came in its place is not its own', async () => {
  expect(await logOf({ uid: 'second', log: 'sidecar ready, starting seid\n' })).toBeUndefined()
})
