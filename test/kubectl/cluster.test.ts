import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startCluster, type RunningCluster } from '../../src/embedded/cluster.ts'
import { useKubectl, type Kubectl, type KubectlResult } from '../helpers/kubectl.ts'

let stateDir: string
let cluster: RunningCluster
let kubectl: Kubectl

/** Runs a line of kubectl; fails the test if that fails. */
async function run(line: string, input?: unknown): Promise<string> {
  const result = await attempt(line, input)
  expect(result, line).toMatchObject({ code: 0 })
  return result.stdout
}

function attempt(line: string, input?: unknown): Promise<KubectlResult> {
  return kubectl.run(line.split(' '), input)
}

function network(name: string, spec: object): object {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name },
    spec: { image: 'sei/seid:dev', replicas: 4, genesis: { chainId: `${name}-1` }, ...spec },
  }
}

const ready = '--for=jsonpath={.status.phase}=Ready --timeout=20s'
const names = (text: string): string[] => text.split('\n').toSorted()

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sei-kubectl-cluster-'))
  cluster = await startCluster({ rate: 100, blockMs: 100, stateDir })
  await cluster.started
  kubectl = await useKubectl(cluster.kubeconfigPath)
  await run('apply -f -', network('four', { deletionPolicy: 'Delete' }))
  await run(`wait ${ready} sn/four`)
  await run('wait --for=condition=Ready pod --all --timeout=20s')
}, 60_000)
afterAll(async () => {
  await kubectl.close()
  await cluster.close()
  await rm(stateDir, { recursive: true })
})

test('default: a network and what belongs to it are shown', async () => {
  expect(await run('get sn four')).toMatch(/^four +4 +4 +Ready/m)
  expect(await run('get sn four -o jsonpath={.status.nodes[*].phase}')).toBe(
    'Running Running Running Running',
  )
  expect(await run('get snode -o custom-columns=N:.metadata.name,P:.status.phase --no-headers')).toMatch(
    /^four-3 +Running$/m,
  )
  const all = await run('get all,pvc -o name')
  for (const object of ['pod/four-0-0', 'service/four-internal', 'statefulset.apps/four-3']) {
    expect(names(all)).toContain(object)
  }
  expect(names(all)).toContain('persistentvolumeclaim/data-four-1')
  expect(await run('describe sn four')).toMatch(/Normal +PlanComplete .* Plan completed successfully/)
  expect(await run('events --for sn/four')).toContain('SeiNodeCreated')
  expect(await run('describe pod four-0-0')).toMatch(
    /Normal +Scheduled .* Successfully assigned default\/four-0-0/,
  )
  expect(await run('explain seinetwork --recursive')).toMatch(/chainId\s<string> -required-/)
})

test('behavior: logs are those of the container asked for, up to its end', async () => {
  expect(await run('logs four-0-0 --tail=1')).toBe('sidecar ready, starting seid')
  expect(await run('logs sts/four-1 -c sei-sidecar --tail=1 --timestamps')).toMatch(
    /^\d{4}-\d\d-\d\dT.* task completed/,
  )
  expect(await attempt('logs four-0-0 -c seid --previous')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('previous terminated container "seid" in pod "four-0-0" not found'),
  })
  const following = kubectl.start(['logs', '-f', 'four-1-0', '-c', 'seid'])
  const ended = once(following, 'close')
  if (following.stdout !== null) await once(following.stdout, 'data')
  await run('delete pod four-1-0')
  expect(await ended).toEqual([0, null])
  await run('wait --for=create pod/four-1-0 --timeout=20s')
  await run('wait --for=condition=Ready pod/four-1-0 --timeout=20s')
})

test('behavior: applied again it is unchanged; a new image rolls every validator', async () => {
  const manifest = network('four', { deletionPolicy: 'Delete' })
  expect(await run('apply -f -', manifest)).toBe('seinetwork.sei.io/four unchanged')
  expect(await run('diff -f -', manifest)).toBe('')
  const changed = network('four', { deletionPolicy: 'Delete', image: 'sei/seid:next' })
  expect(await attempt('diff -f -', changed)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('seid:next'),
  })
  await run('apply -f -', changed)
  await run('wait --for=condition=RolloutInProgress=true sn/four --timeout=20s')
  await run('wait --for=condition=RolloutInProgress=false sn/four --timeout=20s')
  const images = await run(
    'get pods -l sei.io/seinetwork=four -o jsonpath={.items[*].spec.containers[0].image}',
  )
  expect(new Set(images.split(' '))).toEqual(new Set(['sei/seid:next']))
})

test('behavior: paused it has no pods, resumed it has them again', async () => {
  const pause = (paused: boolean): Promise<string> =>
    run(`patch sn four --type=merge -p {"spec":{"paused":${paused}}}`)
  await pause(true)
  await run('wait --for=jsonpath={.status.phase}=Paused sn/four --timeout=20s')
  await run('wait --for=delete pod/four-0-0 pod/four-3-0 --timeout=20s')
  await pause(false)
  await run(`wait ${ready} sn/four`)
})

test('behavior: deleted, a network takes all along, unless it retains its nodes', async () => {
  await run('apply --server-side -f -', network('kept', { replicas: 1, deletionPolicy: 'Retain' }))
  await run(`wait ${ready} sn/kept`)
  await run('delete sn kept')
  expect(await run('get snode kept-0 -o jsonpath={.status.phase}{.metadata.ownerReferences}')).toBe('Running')
  await run('delete snode kept-0 --cascade=foreground')
  await run('delete sn four --cascade=foreground')
  await run('wait --for=delete pvc/data-four-0 statefulset/four-0 pod/four-0-0 --timeout=20s')
  expect(await run('get snode,sn -o name')).toBe('')
})
