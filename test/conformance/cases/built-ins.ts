import { expect } from 'vitest'

import {
  at,
  causesOf,
  configMap,
  namesOf,
  widget,
  type ConformanceCase,
} from '../../helpers/conformance-case.ts'

const merge = 'application/merge-patch+json'
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'

function deployment(replicas: number): Record<string, unknown> {
  const labels = { app: 'a' }
  const template = {
    metadata: { labels },
    spec: { hostNetwork: false, nodeSelector: {}, containers: [{ name: 'c', image: 'i:1', args: [] }] },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', labels: {} },
    spec: { replicas, minReadySeconds: 0, selector: { matchLabels: labels }, template },
  }
}

/** Built-in kinds as Go writes them. */
export const builtInCases: readonly ConformanceCase[] = [
  {
    number: 110,
    kind: 'behavior',
    title: 'of a built-in object zeros are absent that Go leaves out, and belong to nobody',
    async run({ call, create, path }) {
      const made = await create('configmaps', configMap('a', {}, { labels: { a: 'b' }, annotations: {} }))
      expect(made).not.toHaveProperty('data')
      expect(made['metadata']).not.toHaveProperty('annotations')
      const at_ = `${path('configmaps', 'a')}?fieldManager=m`
      const { body } = await call('PATCH', at_, { body: { data: { z: '1' } }, type: merge })
      expect(at(body, 'metadata.managedFields')).toMatchObject([
        { manager: 'conformance', fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } } },
        { manager: 'm', fieldsV1: { 'f:data': { '.': {}, 'f:z': {} } } },
      ])
      const named = await create('configmaps', configMap('', {}, { generateName: 'g-' }))
      expect(at(named, 'metadata.name')).toMatch(/^g-.{5}$/)
      const web = await create('deployments', deployment(0))
      expect(at(web, 'spec.replicas')).toBe(0)
      expect(web['spec']).not.toHaveProperty('minReadySeconds')
      const pod = at(web, 'spec.template.spec') as { containers: object[] }
      expect(pod).not.toHaveProperty('hostNetwork')
      expect(pod).not.toHaveProperty('nodeSelector')
      expect(pod.containers[0]).not.toHaveProperty('args')
    },
  },
  {
    number: 111,
    kind: 'behavior',
    title: 'items of a list say their type only where it is a custom one',
    async run({ call, create, path }) {
      await create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })
      await create('widgets', widget('a'))
      const plain = await call('GET', path('secrets'))
      expect(namesOf(plain)).toEqual(['a'])
      expect(at(plain.body, 'items.0')).not.toHaveProperty('kind')
      expect(at((await call('GET', path('widgets'))).body, 'items.0')).toMatchObject({
        apiVersion: 'test.dev/v1',
        kind: 'Widget',
      })
    },
  },
  {
    number: 112,
    kind: 'error',
    title: 'namespaces are not deleted as a collection',
    async run({ call }) {
      expect(await call('DELETE', '/api/v1/namespaces?labelSelector=none%3Dsuch')).toMatchObject({
        status: 405,
        body: { reason: 'MethodNotAllowed' },
      })
    },
  },
  {
    number: 113,
    kind: 'behavior',
    title: 'a Scale has a Table of its own',
    async run({ call, create, path }) {
      await create('deployments', deployment(2))
      const answer = await call('GET', `${path('deployments', 'a')}/scale`, { accept: table })
      expect(answer.body).toMatchObject({
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, { name: 'Desired' }, { name: 'Available' }, { name: 'Age' }],
        rows: [{ cells: ['a', 2, 0, expect.stringMatching(/s$/)] }],
      })
    },
  },
  {
    number: 114,
    kind: 'error',
    title: 'no workload has fewer than no replicas',
    async run({ call, path }) {
      const answer = await call('POST', path('deployments'), { body: deployment(-1) })
      expect(answer.status).toBe(422)
      expect(causesOf(answer)).toEqual(['spec.replicas FieldValueInvalid'])
    },
  },
  {
    number: 115,
    kind: 'behavior',
    title: 'legacy discovery is in order, and hashes what is stored',
    async run({ call }) {
      const { body } = await call('GET', '/apis/rbac.authorization.k8s.io/v1')
      expect(at(body, 'resources')).toMatchObject([
        { name: 'clusterrolebindings' },
        { name: 'clusterroles' },
        { name: 'rolebindings' },
        { name: 'roles', storageVersionHash: '7FuwZcIIItM=' },
      ])
    },
  },
]
