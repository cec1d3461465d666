import { expect, test } from 'vitest'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { defaults } from '../../contract/defaults.ts'
import { atStepRate, stepRate } from './real-pace.ts'

const workflow: Workflow = {
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w' },
  spec: {
    entry: 'entry',
    templates: [
      { name: 'entry', templateType: 'Serial', deadline: '60m', children: ['step', 'pause', 'endless'] },
      { name: 'step', templateType: 'Task', deadline: '2m' },
      { name: 'pause', templateType: 'Suspend', deadline: '30s' },
      { name: 'endless', templateType: 'Task' },
    ],
  },
}

function deadlines(rate: number | undefined): (string | undefined)[] {
  return atStepRate(workflow, rate).spec.templates.map(({ deadline }) => deadline)
}

test('default: on a real cluster, and on one that is as slow as steps are, a Workflow stays as it is', () => {
  for (const rate of [undefined, 1, defaults.stepRate]) expect(atStepRate(workflow, rate)).toBe(workflow)
  expect([undefined, 1, 5].map(stepRate)).toEqual([1, 1, 5])
})

test('behavior: on a fast clock deadlines of steps are stretched, pauses and what has none are not', () => {
  expect(deadlines(200)).toEqual(['10h0m0s', '20m0s', '30s', undefined])
  expect(stepRate(200)).toBe(defaults.stepRate)
})
