import { expect, onTestFinished, test } from 'vitest'
import { startStoredApi, type StoredApi } from '../../test/helpers/stored-api.ts'
import { pods, seiNodes } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { RunAccounts } from './run-accounts.ts'
import { RunClosures } from './run-closures.ts'

async function closuresOf(): Promise<{ store: StoredApi; closures: RunClosures }> {
  const store = await startStoredApi()
  const closures = new RunClosures(store.kube, 'r1')
  closures.include('ns')
  onTestFinished(async () => {
    closures.close()
    await store.close()
  })
  return { store, closures }
}

test('default: a run owns what carries its label', async () => {
  const { store, closures } = await closuresOf()
  store.put(seiNodes, { metadata: { name: 'a', labels: { [labels.harnessRun]: 'r1' } } })
  store.put(seiNodes, { metadata: { name: 'b', labels: { [labels.harnessRun]: 'r2' } } })
  expect((await closures.owned(5_000)).map(({ name }) => name)).toEqual(['a'])
  expect(closures.unreadable).toEqual([])
})

test('error: a kind that may not be listed is named, with the reason, once, and the others are still read', async () => {
  const { store, closures } = await closuresOf()
  closures.include('elsewhere')
  store.forbidden.add('persistentvolumes')
  store.put(pods, { metadata: { name: 'a', labels: { [labels.harnessRun]: 'r1' } } })
  expect(await closures.owned(5_000)).toMatchObject([{ name: 'a' }])
  expect(await closures.waitGone(500)).toMatchObject([{ name: 'a' }])
  const accounts = new RunAccounts()
  accounts.unreadable(closures.unreadable)
  expect(accounts.summary.unreadable).toEqual([
    {
      kind: 'PersistentVolume',
      reason: expect.stringContaining('cannot list resource "persistentvolumes"'),
    },
  ])
})

test('behavior: what is left is told by a list, also when the watches have fallen silent', async () => {
  const { store, closures } = await closuresOf()
  const own = { labels: { [labels.harnessRun]: 'r1' } }
  store.put(pods, { metadata: { name: 'goes', ...own } })
  await closures.owned(5_000)
  store.stalled = true
  store.remove(pods, 'goes')
  store.put(seiNodes, { metadata: { name: 'comes', ...own } })
  expect(await closures.standing(5_000)).toMatchObject([{ name: 'comes' }])
  expect(await closures.waitGone(500)).toMatchObject([{ name: 'comes' }])
  store.remove(seiNodes, 'comes')
  expect(await closures.waitGone(500)).toEqual([])
})

test('error: an API server that says nothing is given up after the time allowed', async () => {
  const { store, closures } = await closuresOf()
  store.silent = true
  await expect(closures.owned(30)).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' })
})
