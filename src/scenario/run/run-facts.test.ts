import { expect, test } from 'vitest'
import type { NodeStatus } from '../../contract/handles.ts'
import type { Pod } from '../../contract/objects.ts'
import { RunFacts } from './run-facts.ts'

function status(chainId: string, latestHeight: number): NodeStatus {
  return {
    chainId,
    nodeId: '',
    moniker: '',
    latestHeight,
    earliestHeight: 1,
    latestBlockHash: '',
    latestBlockTime: '',
    catchingUp: false,
    votingPower: 0,
    raw: {},
  }
}

function pod(name: string, image: string, imageID?: string): Pod {
  const states = [
    { name: 'main', image: `docker.io/${image}`, imageID: imageID ?? '', ready: true, restartCount: 0 },
  ]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image }] },
    status: { containerStatuses: states },
  }
}

test('default: a height is what a step left and what the node answered, where either is known', () => {
  const facts = new RunFacts()
  facts.left = {
    gates: [
      { gate: 'rpc', node: 'a', role: 'validator', passed: true },
      { gate: 'rpc', node: 'b', role: 'validator', passed: false },
    ],
    heights: [{ node: 'a', before: '5', beforeAt: '2026-11-21T12:00:00Z' }],
    omitted: 0,
  }
  facts.status('a', status('chain', 9))
  facts.status('c', status('other', 3))
  expect(facts.heights(['c', 'a', 'd'])).toEqual([
    {
      node: 'a',
      role: 'validator',
      before: '5',
      beforeAt: '2026-11-21T12:00:00Z',
      after: '9',
      afterAt: expect.any(String),
    },
    { node: 'b', role: 'validator' },
    { node: 'c', after: '3', afterAt: expect.any(String) },
    { node: 'd' },
  ])
  expect(facts.chainIds('chain')).toEqual(['chain', 'other'])
})

test('default: images are those that were asked for, with the digest that any pod of them has', () => {
  const facts = new RunFacts()
  facts.pods([pod('node', 'sei/seid:v1', 'docker.io/sei/seid@sha256:02')])
  const steps = [
    pod('one', 'busybox:1', 'busybox@sha256:01'),
    pod('two', 'busybox:1'),
    pod('three', 'never:1'),
  ]
  expect(facts.images(steps)).toEqual([
    { image: 'busybox:1', imageID: 'busybox@sha256:01' },
    { image: 'never:1', imageID: undefined },
    { image: 'sei/seid:v1', imageID: 'docker.io/sei/seid@sha256:02' },
  ])
})
