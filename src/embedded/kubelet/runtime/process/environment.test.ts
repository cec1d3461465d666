import { describe, expect, test } from 'vitest'
import type { Container, Pod } from '../../../../contract/objects.ts'
import type { ConfigData, ConfigKind, ConfigReader } from './config-reader.ts'
import { environmentOf } from './environment.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'step-1',
    namespace: 'ns',
    uid: 'u-1',
    labels: { 'chaos-mesh.org/workflow': 'wf', b: '2' },
    annotations: { note: 'x "y"' },
  },
  spec: { nodeName: 'node', containers: [] },
}

function data(text: Record<string, string>): ConfigData {
  return { text, bytes: {} }
}

const stored: Readonly<Record<string, ConfigData>> = {
  'configmap vars': data({ A: 'from-vars', 'odd.name': 'odd', LIST: 'x,y' }),
  'configmap more': data({ A: 'from-more' }),
  'secret keys': data({ mnemonic: 'a b c', A: 'from-secret' }),
}

const read: ConfigReader = (kind: ConfigKind, name) => Promise.resolve(stored[`${kind} ${name}`])

async function valuesOf(container: Omit<Container, 'name' | 'image'>, base = {}): Promise<unknown> {
  const facts = { pod, podIP: '10.244.0.9', hostIP: '127.0.0.1' }
  const found = await environmentOf({ name: 'c', image: 'i', ...container }, facts, read, base)
  return Object.fromEntries(found.values)
}

function field(fieldPath: string): Record<string, unknown> {
  return { fieldRef: { fieldPath } }
}

describe('envFrom', () => {
  test('default: all keys, with their prefix; a later source wins, env wins over all', async () => {
    const envFrom = [
      { configMapRef: { name: 'vars' } },
      { prefix: 'P_', configMapRef: { name: 'more' } },
      { secretRef: { name: 'keys' } },
    ]
    expect(await valuesOf({ envFrom, env: [{ name: 'LIST', value: 'own' }] })).toEqual({
      A: 'from-secret',
      'odd.name': 'odd',
      LIST: 'own',
      P_A: 'from-more',
      mnemonic: 'a b c',
    })
  })

  test('behavior: what is optional may be missing', async () => {
    const envFrom = [
      { configMapRef: { name: 'none', optional: true } },
      { secretRef: { name: 'no', optional: true } },
    ]
    expect(await valuesOf({ envFrom })).toEqual({})
  })

  test('error: else the kubelet says what is missing', async () => {
    await expect(valuesOf({ envFrom: [{ configMapRef: { name: 'none' } }] })).rejects.toThrow(
      /^configmap "none" not found$/,
    )
    await expect(valuesOf({ envFrom: [{ secretRef: { name: 'none' } }] })).rejects.toThrow(
      /^secret "none" not found$/,
    )
  })
})

describe('env', () => {
  test('default: values see what stands before them', async () => {
    const env = [
      { name: 'EARLY', value: '$(LATE)' },
      { name: 'LATE', value: '1' },
      { name: 'BOTH', value: '$(LATE)/$(A)/$(KUBERNETES_SERVICE_HOST)' },
      { name: 'EMPTY' },
    ]
    const envFrom = [{ configMapRef: { name: 'vars' } }]
    expect(await valuesOf({ env, envFrom }, { KUBERNETES_SERVICE_HOST: 'h' })).toMatchObject({
      EARLY: '$(LATE)',
      BOTH: '1/from-vars/h',
      EMPTY: '',
    })
  })

  test('default: the downward API', async () => {
    const paths = [
      'metadata.name',
      'metadata.namespace',
      'metadata.uid',
      "metadata.labels['chaos-mesh.org/workflow']",
      "metadata.labels['none']",
      "metadata.annotations['note']",
      'metadata.labels',
      'metadata.annotations',
      'spec.nodeName',
      'spec.serviceAccountName',
      'status.podIP',
      'status.hostIP',
    ]
    const env = paths.map((path) => ({ name: path, valueFrom: field(path) }))
    expect(Object.values((await valuesOf({ env })) as object)).toEqual([
      'step-1',
      'ns',
      'u-1',
      'wf',
      '',
      'x "y"',
      'b="2"\nchaos-mesh.org/workflow="wf"',
      'note="x \\"y\\""',
      'node',
      'default',
      '10.244.0.9',
      '127.0.0.1',
    ])
  })

  test('default: keys of ConfigMaps and Secrets; only what a Secret gave is marked', async () => {
    const env = [
      { name: 'C', valueFrom: { configMapKeyRef: { name: 'vars', key: 'A' } } },
      { name: 'S', valueFrom: { secretKeyRef: { name: 'keys', key: 'mnemonic' } } },
      { name: 'O', valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional: true } } },
    ]
    const facts = { pod, podIP: '', hostIP: '' }
    const { values, secret } = await environmentOf({ name: 'c', image: 'i', env }, facts, read)
    expect(Object.fromEntries(values)).toEqual({ C: 'from-vars', S: 'a b c' })
    expect([...secret]).toEqual(['S'])
  })

  test('default: resources of a container, rounded up to the divisor', async () => {
    const resources = { limits: { memory: '1500Mi', cpu: '1500m' } }
    const env = [
      { name: 'M', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Gi' } } },
      { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
      { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'R', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
    ]
    const facts = {
      pod: { ...pod, spec: { containers: [{ name: 'c', image: 'i', resources }] } },
      podIP: '',
      hostIP: '',
    }
    const { values } = await environmentOf({ name: 'c', image: 'i', env }, facts, read)
    expect(Object.fromEntries(values)).toEqual({ M: '2', B: '1572864000', C: '2', R: '0' })
  })

  test.for([
    [{ configMapKeyRef: { name: 'none', key: 'k' } }, 'configmap "none" not found'],
    [{ configMapKeyRef: { name: 'vars', key: 'k' } }, "couldn't find key k in ConfigMap ns/vars"],
    [{ secretKeyRef: { name: 'none', key: 'k' } }, 'secret "none" not found'],
    [{ secretKeyRef: { name: 'keys', key: 'k' } }, "couldn't find key k in Secret ns/keys"],
    [field('spec.other'), 'unsupported fieldPath: spec.other'],
  ] as const)('error: %o', async ([valueFrom, message]) => {
    await expect(valuesOf({ env: [{ name: 'X', valueFrom }] })).rejects.toThrow(message)
  })
})
