import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { headCrds } from '../../src/contract/crds/head/all.ts'
import { startApiServer, type ApiServer } from '../../src/embedded/apiserver/server.ts'
import { useKubectl, type Kubectl } from '../helpers/kubectl.ts'

interface Sample {
  readonly kind: string
  readonly short: string
  readonly plural: string
  readonly spec: Readonly<Record<string, unknown>>
  /** Head of what `kubectl get` prints. */
  readonly columns: readonly string[]
  /** A change that the definition allows. */
  readonly change: Readonly<Record<string, unknown>>
  /** A phase that comes after Pending. */
  readonly phase: string
}

const target = { nodeRef: { name: 'four-0' } }

const samples: readonly Sample[] = [
  {
    kind: 'SeiNetwork',
    short: 'sn',
    plural: 'seinetworks',
    spec: { replicas: 4, image: 'sei/seid:dev', genesis: { chainId: 'four-1' } },
    columns: ['NAME', 'READY', 'REPLICAS', 'PHASE', 'PAUSED', 'AGE'],
    change: { image: 'sei/seid:next' },
    phase: 'Ready',
  },
  {
    kind: 'SeiNode',
    short: 'snode',
    plural: 'seinodes',
    spec: { chainId: 'four-1', image: 'sei/seid:dev', fullNode: {} },
    columns: ['NAME'],
    change: { image: 'sei/seid:next' },
    phase: 'Running',
  },
  {
    kind: 'SeiNodeTask',
    short: 'snt',
    plural: 'seinodetasks',
    spec: { kind: 'AwaitNodesAtHeight', awaitNodesAtHeight: { targetHeight: 9 }, target },
    columns: ['NAME'],
    change: { target: { ...target, requirePhaseTimeout: '2m' } },
    phase: 'Running',
  },
  {
    kind: 'SeiNodeTaskWorkflow',
    short: 'sntw',
    plural: 'seinodetaskworkflows',
    spec: { kind: 'StateSync', stateSync: { rpcServers: ['a:26657', 'b:26657'] }, target },
    columns: ['NAME', 'KIND', 'TARGET', 'PHASE', 'AGE'],
    change: {},
    phase: 'Running',
  },
]

function manifest(sample: Sample, metadata: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: sample.kind,
    metadata: { name: 'sample', namespace: 'default', ...metadata },
    spec: sample.spec,
  }
}

describe('the real kubectl', () => {
  let stateDir: string
  let server: ApiServer
  let kubectl: Kubectl

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'sei-kubectl-server-'))
    server = await startApiServer({ stateDir, freeze: true })
    kubectl = await useKubectl(server.kubeconfigPath)
    const list = { apiVersion: 'v1', kind: 'List', items: headCrds }
    const installed = await kubectl.run(['apply', '--server-side', '-f', '-'], list)
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    const names = headCrds.map((crd) => `crd/${crd.metadata.name}`)
    expect(await kubectl.run(['wait', '--for=condition=Established', ...names])).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
  afterAll(async () => {
    await kubectl.close()
    await server.close()
    await rm(stateDir, { recursive: true })
  })

  describe.each(samples)('$kind', (sample) => {
    const object = `${sample.plural}/sample`

    test('behavior: apply --server-side creates, then changes nothing', async () => {
      const apply = (): ReturnType<Kubectl['run']> =>
        kubectl.run(['apply', '--server-side', '-f', '-'], manifest(sample))
      const revision = async (): Promise<string> =>
        (await kubectl.run(['get', object, '-o', 'jsonpath={.metadata.resourceVersion}'])).stdout
      expect(await apply()).toMatchObject({ code: 0, stderr: '' })
      const first = await revision()
      expect(await apply()).toMatchObject({ code: 0, stderr: '' })
      expect(await revision()).toBe(first)
    })

    test('behavior: get prints the printer columns by the short name', async () => {
      const { code, stdout } = await kubectl.run(['get', sample.short])
      const [head = '', row = ''] = stdout.split('\n')
      expect(code).toBe(0)
      expect(head.split(/\s+/)).toEqual(expect.arrayContaining([...sample.columns]))
      expect(row).toMatch(/^sample /)
    })

    test('behavior: describe prints the object and its events', async () => {
      await kubectl.run(['create', '-f', '-'], {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `sample-${sample.short}`, namespace: 'default' },
        involvedObject: { kind: sample.kind, namespace: 'default', name: 'sample', uid: await uidOf(object) },
        reason: 'Noted',
        message: `about a ${sample.kind}`,
        type: 'Normal',
      })
      const { code, stdout } = await kubectl.run(['describe', object])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`Kind:\\s+${sample.kind}`))
      expect(stdout).toContain(`about a ${sample.kind}`)
    })

    test('behavior: explain knows the spec', async () => {
      const { code, stdout } = await kubectl.run(['explain', `${sample.plural}.spec`])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`KIND:\\s+${sample.kind}`))
    })

    test('behavior: apply, label and patch change the object', async () => {
      const changed = { ...manifest(sample), spec: { ...sample.spec, ...sample.change } }
      expect(await kubectl.run(['apply', '-f', '-'], changed)).toMatchObject({ code: 0 })
      expect(await kubectl.run(['label', object, 'seen=yes'])).toMatchObject({ code: 0, stderr: '' })
      const patch = JSON.stringify({ metadata: { annotations: { note: 'kept' } } })
      expect(await kubectl.run(['patch', object, '--type=merge', '-p', patch])).toMatchObject({
        code: 0,
        stderr: '',
      })
      const { stdout } = await kubectl.run(['get', object, '-o', 'json'])
      expect(JSON.parse(stdout)).toMatchObject({
        metadata: { labels: { seen: 'yes' }, annotations: { note: 'kept' } },
        spec: sample.change,
      })
      const strategic = await kubectl.run(['patch', object, '-p', patch])
      expect(strategic.stderr).toContain('application/merge-patch+json')
    })

    test('error: create refuses an unknown field and a missing one', async () => {
      const odd = { ...manifest(sample, { name: 'odd' }), spec: { ...sample.spec, oddField: 1 } }
      const strict = await kubectl.run(['create', '-f', '-'], odd)
      expect(strict.code).toBe(1)
      expect(strict.stderr).toContain('unknown field "spec.oddField"')
      const empty = await kubectl.run(['create', '-f', '-'], {
        ...manifest(sample, { name: 'odd' }),
        spec: {},
      })
      expect(empty.stderr).toContain(`The ${sample.kind} "odd" is invalid`)
      expect(empty.stderr).toContain('Required value')
    })

    test('behavior: wait --for=jsonpath ends with the status, and -w shows each change', async () => {
      const watching = kubectl.start(['get', object, '-w', '-o', 'jsonpath={.status.phase}{"\\n"}'])
      const lines = createInterface({ input: watching.stdout as NodeJS.ReadableStream })[
        Symbol.asyncIterator
      ]()
      await lines.next()
      const waiting = kubectl.run([
        'wait',
        `--for=jsonpath={.status.phase}=${sample.phase}`,
        object,
        '--timeout=20s',
      ])
      for (const phase of ['Pending', sample.phase]) {
        const patch = JSON.stringify({ status: { phase } })
        const patched = await kubectl.run([
          'patch',
          object,
          '--subresource=status',
          '--type=merge',
          '-p',
          patch,
        ])
        expect(patched.stderr).toBe('')
        expect((await lines.next()).value).toBe(phase)
      }
      expect(await waiting).toMatchObject({ code: 0, stdout: expect.stringContaining('condition met') })
      const ended = once(watching, 'exit')
      watching.kill()
      await ended
    })

    test('behavior: delete --wait ends once the last finalizer is gone', async () => {
      const finalize = (list: string[] | null): ReturnType<Kubectl['run']> => {
        const patch = JSON.stringify({ metadata: { finalizers: list } })
        return kubectl.run(['patch', object, '--type=merge', '-p', patch])
      }
      await finalize(['sei.io/hold'])
      const deleting = kubectl.run(['delete', object, '--wait', '--timeout=20s'])
      const marked = ['wait', '--for=jsonpath={.metadata.deletionTimestamp}', object, '--timeout=20s']
      expect(await kubectl.run(marked)).toMatchObject({ code: 0, stderr: '' })
      await finalize(null)
      expect(await deleting).toMatchObject({ code: 0, stderr: '' })
      expect((await kubectl.run(['get', object])).stderr).toContain('NotFound')
    })
  })

  async function uidOf(object: string): Promise<string> {
    return (await kubectl.run(['get', object, '-o', 'jsonpath={.metadata.uid}'])).stdout
  }
})
