import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'
import { configMaps, pods } from '../../src/contract/kinds.ts'
import type { Container, Pod } from '../../src/contract/objects.ts'
import { homeParts, startHome } from '../helpers/home.ts'
import { clusterPid, processesOf } from '../helpers/processes.ts'

const namespace = 'default'

function create({ kube }: SimulatedCluster, name: string, container: Partial<Container>): Promise<Pod> {
  return kube.create<Pod>(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'chaos-mesh.org/workflow': 'wf' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', ...container }] },
  })
}

function over({ kube }: SimulatedCluster, name: string): Promise<Pod> {
  return kube
    .watch<Pod>(pods, { namespace })
    .waitFor(
      (items) =>
        items.find(
          ({ metadata, status }) =>
            metadata.name === name && ['Succeeded', 'Failed'].includes(status?.phase ?? ''),
        ),
      { timeoutMs: 60_000, description: `pod ${name} to end` },
    )
}

test('behavior: a Task’s pod runs as its account, and writes what its rights let it', async () => {
  const cluster = await startHome({ images: { 'test/node': [process.execPath, '-e'] } })
  onTestFinished(() => cluster.close())
  const { kube } = cluster
  await kube.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'vars', namespace },
    data: { WHAT: 'pods' },
  } as never)
  const script = `
    const { readFileSync } = require('node:fs')
    const read = (name) => readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/' + name, 'utf8')
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
    const path = '/api/v1/namespaces/' + read('namespace') + '/' + process.argv[1]
    const headers = { authorization: 'Bearer ' + read('token') }
    require('node:https').get({ host, port, path, headers, ca: read('ca.crt') }, async (answer) => {
      let text = ''
      for await (const part of answer) text += part
      console.log(JSON.parse(text).message)
      process.exitCode = answer.statusCode === 403 ? 3 : 1
    })`
  const envFrom = [{ configMapRef: { name: 'vars' } }]
  await create(cluster, 'asks', { image: 'test/node', args: [script, '$(WHAT)'], envFrom })
  const { status } = await over(cluster, 'asks')
  const log = await kube.logs({ namespace, name: 'asks' })
  expect(log).toBe(
    'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"\n',
  )
  expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
})

test('error: what runs in pods dies with its cluster, killed or not, and leaves no file', async () => {
  for (const end of ['close', 'kill'] as const) {
    const cluster = await startHome()
    onTestFinished(() => cluster.close())
    const mark = `sleep 76543.${process.pid}`
    const command = ['/bin/sh', '-c', `${mark} & ${mark} & echo "$TMPDIR"; wait`]
    await create(cluster, 'stays', { command })
    const folder = await expect
      .poll(() => cluster.kube.logs({ namespace, name: 'stays' }).catch(() => ''), { timeout: 60_000 })
      .toMatch(/^\/.+\n/)
      .then(() => cluster.kube.logs({ namespace, name: 'stays' }))
    expect(existsSync(folder.trim())).toBe(true)
    expect(await processesOf(mark)).toHaveLength(3)
    // Its guardian is replaced where somebody kills that.
    const [guardian = 0] = await processesOf(dirname(dirname(folder.trim())), 'guardian')
    process.kill(guardian, 'SIGKILL')
    if (end === 'close') await cluster.close()
    else process.kill(await clusterPid(cluster.describe(), homeParts()[0]), 'SIGKILL')
    await expect.poll(() => processesOf(mark), { timeout: 30_000 }).toEqual([])
    await expect.poll(() => existsSync(folder.trim()), { timeout: 30_000 }).toBe(false)
  }
})
