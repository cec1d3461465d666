import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startServer } from '../../test/helpers/http-server.ts'
import { labels } from '../contract/labels.ts'
import { connect } from '../kube/client.ts'
import { Ledger } from './ledger.ts'
import { RunAccounts } from './run-accounts.ts'
import { RunClosures } from './run-closures.ts'
import { RunNamespaces } from './run-namespaces.ts'

/** A server that makes a namespace as it is told, and never gets to say so. */
test('behavior: a namespace whose making was never answered is deleted with the run, and accounted for', async () => {
  let object: Record<string, unknown> | undefined
  let deleted = ''
  const watchers = new Set<ServerResponse>()
  await using server = await startServer(({ method, url, body }, response) => {
    if (method === 'PATCH') {
      const { metadata } = JSON.parse(body) as { metadata: object }
      object = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { ...metadata, uid: 'u1', resourceVersion: '2' },
      }
      return void response.destroy()
    }
    if (method === 'DELETE') {
      deleted = `${JSON.stringify({ type: 'DELETED', object })}\n`
      for (const watcher of watchers) watcher.write(deleted)
      object = undefined
      return answerJson(response, 200, { kind: 'Status', status: 'Success', metadata: {} })
    }
    if (url.endsWith('/namespaces/elsewhere')) {
      return object === undefined
        ? answerJson(response, 404, { kind: 'Status', status: 'Failure', code: 404, reason: 'NotFound' })
        : answerJson(response, 200, object)
    }
    if (url.includes('watch=')) {
      watchers.add(response.writeHead(200))
      return void (deleted === '' ? response.flushHeaders() : response.write(deleted))
    }
    answerJson(response, 200, {
      metadata: { resourceVersion: '3' },
      items: object === undefined ? [] : [object],
    })
  })
  const folder = await mkdtemp(join(tmpdir(), 'sei-namespaces-'))
  const kube = connect({ server: server.url, namespace: 'default' })
  onTestFinished(async () => {
    await kube.close()
    await rm(folder, { recursive: true })
  })
  const accounts = new RunAccounts()
  const ledger = new Ledger(join(folder, 'ledger.jsonl'))
  const closures = new RunClosures(kube, 'r1')
  const namespaces = new RunNamespaces({
    kube,
    run: 'r1',
    ledger,
    accounts,
    closures,
    simulated: true,
    home: 'default',
  })
  await expect(namespaces.ensure('elsewhere')).rejects.toThrow('whether it took effect is unknown')
  expect(object).toMatchObject({ metadata: { labels: { [labels.harnessRun]: 'r1' } } })
  await namespaces.deleteAll(5_000)
  expect(object).toBeUndefined()
  expect(accounts.summary).toMatchObject({
    existed: [{ kind: 'Namespace', name: 'elsewhere', uid: 'u1' }],
    left: [],
  })
  expect(ledger.standing).toEqual([])
})
