import { expect, test } from 'vitest'
import {
  mergeStepGates,
  parseStepGates,
  stepGatesLimit,
  stepGatesText,
  type StepGates,
} from './step-gates.ts'

function ofNodes(count: number, passed: (at: number) => boolean = () => true): StepGates {
  const nodes = Array.from({ length: count }, (_, at) => `node-${at}`)
  return {
    gates: nodes.flatMap((node, at) =>
      ['rpc', 'height'].map((gate) => ({ gate, node, passed: passed(at), observed: 'x'.repeat(200) })),
    ),
    heights: nodes.map((node) => ({ node, before: '7' })),
    omitted: 0,
  }
}

test('default: what is written is what is read', () => {
  const gates = ofNodes(3)
  expect(parseStepGates(stepGatesText(gates))).toEqual(gates)
})

test('default: a node that passes its gates again is told of once', () => {
  const again = { gates: [{ gate: 'rpc', node: 'node-1', passed: false }], heights: [], omitted: 0 }
  const { gates, heights } = mergeStepGates(ofNodes(2), again)
  expect(gates.map(({ node, gate, passed }) => `${node} ${gate} ${passed}`)).toEqual([
    'node-0 rpc true',
    'node-0 height true',
    'node-1 rpc false',
  ])
  expect(heights.map(({ node }) => node)).toEqual(['node-0'])
})

test('behavior: where there is too much, gates that did not pass and heights stay, and the rest is counted', () => {
  const many = ofNodes(300, (at) => at !== 299)
  const text = stepGatesText(many)
  expect(text.length).toBeLessThanOrEqual(stepGatesLimit)
  const { gates, heights, omitted } = parseStepGates(text)
  expect(heights).toHaveLength(300)
  expect(gates.filter(({ passed }) => !passed)).toHaveLength(2)
  expect(gates.length).toBeGreaterThan(100)
  expect(omitted).toBe(600 - gates.length)
  const more = parseStepGates(stepGatesText(mergeStepGates(parseStepGates(text), ofNodes(0)), 1_000))
  expect(more.omitted).toBe(900 - more.gates.length - more.heights.length)
})

test.for([undefined, '', 'no JSON', 'null', '[]', '{"gates":3,"heights":{},"omitted":"1"}'])(
  'behavior: %j holds nothing',
  (text) => {
    expect(parseStepGates(text)).toEqual({ gates: [], heights: [], omitted: 0 })
  },
)

test('behavior: what is no gate and no height is passed over', () => {
  const gates = [
    null,
    { gate: 'rpc' },
    { gate: 'rpc', passed: true, tookMs: 'long' },
    { gate: 'rpc', passed: true },
  ]
  const heights = [{ before: '1' }, { node: 'a', before: 1 }, { node: 'a', before: '1' }]
  expect(parseStepGates(JSON.stringify({ gates, heights }))).toEqual({
    gates: [{ gate: 'rpc', passed: true }],
    heights: [{ node: 'a', before: '1' }],
    omitted: 0,
  })
})
