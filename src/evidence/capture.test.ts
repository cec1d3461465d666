import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../test/helpers/http-server.ts'
import { startRecordedSeid } from '../../test/helpers/recorded-seid.ts'
import { startStoredApi, type StoredApi } from '../../test/helpers/stored-api.ts'
import { events, pods, seiNetworks, seiNodes, services } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { SeiError } from '../errors/sei-error.ts'
import { captureEvidence, type CaptureObserver, type CaptureOptions } from './capture.ts'
import { verifySeal } from './seal.ts'

const secret = `0x${'4c0883a69102937d6231471b5dbb6204fe512961708279f7d4e0a1b2c3d4e5f6'}`

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'evidence '))
  onTestFinished(() => rm(made, { recursive: true }))
  return join(made, 'kept')
}

async function api(): Promise<StoredApi> {
  const started = await startStoredApi()
  onTestFinished(() => started.close())
  return started
}

function container(name: string, restartCount = 0, state: object = { running: {} }): object {
  return { name, image: 'i', ready: true, restartCount, state }
}

/** A network of one validator whose seid restarted once, with secrets wherever one can be. */
async function populate(store: StoredApi): Promise<void> {
  store.put(seiNetworks, { metadata: { name: 'net', managedFields: [] }, status: { phase: 'Ready' } })
  store.put(seiNetworks, { metadata: { name: 'other' } })
  store.put(seiNodes, { metadata: { name: 'net-0' }, status: { plan: { id: 'p', tasks: [] } } })
  store.put(services, { metadata: { name: 'net-0', labels: { [labels.node]: 'net-0' } } })
  store.put(pods, {
    metadata: { name: 'net-0-0', labels: { [labels.node]: 'net-0' } },
    spec: { containers: [{ name: 'seid', env: [{ name: 'ADMIN_MNEMONIC', value: secret }] }] },
    status: { containerStatuses: [container('seid', 1), container('cosmos-exporter')] },
  })
  store.put(events, {
    metadata: { name: 'e1' },
    involvedObject: { name: 'net-0-0', namespace: 'ns' },
    message: `token=${secret}`,
  })
  store.put(events, { metadata: { name: 'e2' }, involvedObject: { name: 'other-0-0', namespace: 'ns' } })
  store.logs.set('net-0-0/seid', `now ${secret}`)
  store.logs.set('net-0-0/seid.previous', `panic: Bearer ${secret}`)
  store.logs.set('net-0-0/cosmos-exporter', 'exporting')
}

async function allText(path: string): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  )
  return texts.join('\n')
}

async function options(more: Partial<CaptureOptions> = {}): Promise<CaptureOptions> {
  const node = await startRecordedSeid()
  onTestFinished(() => node.close())
  const validator = { name: 'net-0', namespace: 'ns', endpoints: node.endpoints }
  return {
    networks: [{ name: 'net', namespace: 'ns', validators: [validator] }],
    nodes: [],
    traces: [],
    folder: await folder(),
    ...more,
  }
}

test('default: objects, events, logs and what the nodes say are kept, and the seal holds', async () => {
  const store = await api()
  await populate(store)
  const seal = await captureEvidence(await options({ kube: store.kube }))
  expect(seal.missing).toEqual([])
  const manifest = JSON.parse(await readFile(join(seal.folder, 'manifest.json'), 'utf8')) as {
    files: { path: string }[]
  }
  expect(manifest.files.map(({ path }) => path)).toEqual([
    'events.json',
    'gates.json',
    'logs/net-0-0/cosmos-exporter.log',
    'logs/net-0-0/seid.log',
    'logs/net-0-0/seid.previous.log',
    'nodes/net-0/abci_info.json',
    'nodes/net-0/consensus_state.json',
    'nodes/net-0/dump_consensus_state.json',
    'nodes/net-0/evm.json',
    'nodes/net-0/net_info.json',
    'nodes/net-0/node_info.json',
    'nodes/net-0/status.json',
    'nodes/net-0/validators.json',
    'objects/persistentvolumeclaims.json',
    'objects/pods.json',
    'objects/seinetworks.json',
    'objects/seinodes.json',
    'objects/services.json',
    'objects/statefulsets.json',
  ])
  expect(await verifySeal(seal.folder, seal.manifestSha256)).toEqual([])
  const text = await allText(seal.folder)
  expect(text).toContain('"phase": "Ready"')
  expect(text).not.toMatch(/"name": "other"|managedFields/)
})

test('default: what is read is told to an observer; of a node that gives no status it hears nothing', async () => {
  const store = await api()
  await populate(store)
  const heard: string[] = []
  const down = { name: 'net-1', namespace: 'ns', endpoints: { tendermintRpc: 'http://127.0.0.1:1' } }
  const observer: CaptureObserver = {
    status: (node, { latestHeight }) => heard.push(`${node} is at ${latestHeight > 0 ? 'a height' : 'none'}`),
    pods: (found) => heard.push(...found.map(({ metadata }) => metadata.name)),
  }
  await captureEvidence(await options({ kube: store.kube, nodes: [down], observer }))
  expect(heard.toSorted()).toEqual(['net-0 is at a height', 'net-0-0'])
})

test('default: a secret never reaches any file', async () => {
  const store = await api()
  await populate(store)
  const failure = new SeiError(`failed with ${secret}`, {
    class: 'failed',
    code: 'READINESS_FAILED',
    details: { env: { API_TOKEN: secret } },
  })
  const seal = await captureEvidence(await options({ kube: store.kube, secrets: [secret], failure }))
  const text = await allText(seal.folder)
  expect(text.toLowerCase()).not.toContain(secret.slice(2))
  expect(text).toContain('[redacted]')
})

test('behavior: without secrets told by value, named ones still do not reach any file', async () => {
  const store = await api()
  await populate(store)
  store.logs.set('net-0-0/seid', 'fine')
  const seal = await captureEvidence(await options({ kube: store.kube }))
  expect(await allText(seal.folder)).not.toContain(secret.slice(2))
})

test('behavior: a log that cannot be read is missing with its reason, and the rest is sealed', async () => {
  const store = await api()
  await populate(store)
  store.logs.delete('net-0-0/seid.previous')
  const seal = await captureEvidence(await options({ kube: store.kube }))
  expect(seal.missing).toEqual([
    { item: 'logs/net-0-0/seid.previous.log', reason: expect.stringContaining('has no log') },
  ])
  expect(await verifySeal(seal.folder)).toEqual([])
})

test('behavior: no log is missed of a pod that had gone before, although no watch has told so', async () => {
  const store = await api()
  await populate(store)
  const watch = store.kube.watch(pods, { namespace: 'ns' })
  await watch.ready
  store.stalled = true
  store.remove(pods, 'net-0-0')
  store.logs.clear()
  const seal = await captureEvidence(await options({ kube: store.kube }))
  expect(watch.items()).toHaveLength(1)
  expect(seal.missing).toEqual([])
})

test('behavior: an API server that never answers costs the budget and no more', async () => {
  const server = await startServer(() => new Promise(() => {}))
  onTestFinished(() => server.close())
  const { connect } = await import('../kube/client.ts')
  const kube = connect({ server: server.url, namespace: 'ns' })
  onTestFinished(() => kube.close())
  const seal = await captureEvidence(await options({ kube, budgetMs: 300 }))
  expect(seal.missing.map(({ item }) => item)).toContain('objects/seinodes.json')
  expect(seal.items).toBeGreaterThan(5)
})

test('behavior: a node that refuses is an observation, not a loss', async () => {
  const down = { name: 'net-1', namespace: 'ns', endpoints: { tendermintRpc: 'http://127.0.0.1:1' } }
  const seal = await captureEvidence(await options({ nodes: [down] }))
  expect(seal.missing).toEqual([])
  expect(await readFile(join(seal.folder, 'nodes/net-1/status.json'), 'utf8')).toContain(
    'refuses connections',
  )
})

test('behavior: a pod that had no trouble is kept without its helpers', async () => {
  const store = await api()
  await populate(store)
  store.put(pods, {
    metadata: { name: 'net-0-0', labels: { [labels.node]: 'net-0' } },
    status: { containerStatuses: [container('seid'), container('cosmos-exporter')] },
  })
  const seal = await captureEvidence(await options({ kube: store.kube }))
  expect(await readdir(join(seal.folder, 'logs/net-0-0'))).toEqual(['seid.log'])
})

test('error: a changed, removed or added file breaks the seal', async () => {
  const seal = await captureEvidence(await options())
  await writeFile(join(seal.folder, 'gates.json'), '[]  ')
  await writeFile(join(seal.folder, 'new.txt'), '')
  await rm(join(seal.folder, 'nodes/net-0/status.json'))
  expect(await verifySeal(seal.folder)).toEqual([
    'gates.json was changed',
    'nodes/net-0/status.json is missing',
    'new.txt was added',
  ])
  expect(await verifySeal(seal.folder, 'another')).toEqual(['manifest.json is not the one that was sealed'])
})

test('error: a folder that cannot be written ends with CAPTURE_FAILED', async () => {
  const path = await folder()
  await writeFile(path, 'a file')
  await expect(captureEvidence(await options({ folder: join(path, 'below') }))).rejects.toMatchObject({
    code: 'CAPTURE_FAILED',
  })
})
