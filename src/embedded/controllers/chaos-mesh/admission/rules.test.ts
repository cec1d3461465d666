import { expect, test } from 'vitest'

import { defaultedFault } from './defaults.ts'
import { faultErrors } from './fault-rules.ts'
import { misfit } from './go-decode.ts'
import { textOf } from './problems.ts'
import { scheduleErrors } from './schedule-rules.ts'
import { statusCheckErrors } from './status-check-rules.ts'

const common = { mode: 'all', selector: {} }
const delay = (latency: string): object => ({ action: 'delay', delay: { latency } })

test.each([
  ['PodChaos', { action: 'pod-kill' }, ''],
  [
    'PodChaos',
    { action: 'pod-kill', duration: '5' },
    'Spec.Duration: Invalid value: "5": parse duration field error: time: missing unit in duration "5"',
  ],
  [
    'PodChaos',
    { action: 'pod-kill', duration: '5x' },
    'Spec.Duration: Invalid value: "5x": parse duration field error: time: unknown unit "x" in duration "5x"',
  ],
  [
    'PodChaos',
    { action: 'pod-kill', duration: 'soon' },
    'Spec.Duration: Invalid value: "soon": parse duration field error: time: invalid duration "soon"',
  ],
  [
    'PodChaos',
    { action: 'pod-kill', mode: 'fixed', value: '0' },
    'Spec.ContainerSelector.PodSelector.value: Invalid value: "0": value must be greater than 0 with mode:fixed',
  ],
  [
    'PodChaos',
    { action: 'pod-kill', mode: 'fixed' },
    'Spec.ContainerSelector.PodSelector.value: Invalid value: "": parse value field error:strconv.Atoi: parsing "": invalid syntax',
  ],
  [
    'PodChaos',
    { action: 'pod-kill', mode: 'fixed-percent', value: '101' },
    'Spec.ContainerSelector.PodSelector.value: Invalid value: "101": value of 101 is invalid, Must be (0,100] with mode:fixed-percent',
  ],
  ['NetworkChaos', delay('10ms'), ''],
  [
    'NetworkChaos',
    { ...delay('10ms'), direction: 'both' },
    'Spec.direction: Invalid value: "both": `from` and `both` direction cannot be used when targets is empty in netem action',
  ],
  ['NetworkChaos', { action: 'partition', direction: 'both' }, ''],
  [
    'NetworkChaos',
    { action: 'loss', loss: { loss: 'some' } },
    'Spec.TcParameter.Loss.Loss: Invalid value: "some": parse correlation field error:strconv.ParseFloat: parsing "some": invalid syntax',
  ],
  [
    'NetworkChaos',
    { action: 'bandwidth', bandwidth: { rate: '5 mph', limit: 1, buffer: 1 } },
    'Spec.TcParameter.Bandwidth.Rate: Invalid value: "5 mph": parse rate field error:invalid unit',
  ],
  ['NetworkChaos', { action: 'bandwidth', bandwidth: { rate: '5 Mbps', limit: 1, buffer: 1 } }, ''],
  [
    'StressChaos',
    {},
    'Spec: Invalid value: {"mode":"all","selector":{"namespaces":["here"]}}: missing stressors',
  ],
  ['StressChaos', { stressors: {} }, 'Spec.Stressors: Invalid value: {}: missing stressors'],
  [
    'StressChaos',
    { stressors: { memory: { workers: 1, size: '101%' } } },
    'Spec.Stressors.MemoryStressor.Size: Invalid value: "101%": incorrect bytes format: illegal proportion',
  ],
  ['StressChaos', { stressors: { memory: { workers: 1, size: '16GB' } } }, ''],
  ['TimeChaos', { timeOffset: '-30s', duration: 'for ever' }, ''],
  [
    'TimeChaos',
    { timeOffset: 'late' },
    'Spec.TimeOffset: Invalid value: "late": parse timeOffset field error:time: invalid duration "late"',
  ],
])('behavior: %s %j', (kind, spec, text) => {
  const errors = faultErrors(kind, defaultedFault(kind, { ...common, ...spec }, 'here'))
  expect(errors.length === 0 ? '' : textOf(errors)).toBe(text)
})

test.each([
  [
    { spec: { entry: 'e', templates: [{ name: 'e', templateType: 'Serial', deadline: 5 }] } },
    'number into Go struct field Template.spec.templates.deadline of type string',
  ],
  [
    { spec: { templates: [{ children: 'a' }] } },
    'string into Go struct field Template.spec.templates.children of type []string',
  ],
  [
    { spec: { templates: [{ task: { container: { env: [{ name: 1 }] } } }] } },
    'number into Go struct field EnvVar.spec.templates.task.container.env.name of type string',
  ],
  [
    { spec: { templates: [{ task: { labels: { a: true } } }] } },
    'bool into Go struct field Task.spec.templates.task.labels of type string',
  ],
  [
    { spec: { templates: 'none' } },
    'string into Go struct field WorkflowSpec.spec.templates of type []v1alpha1.Template',
  ],
])('error: a Workflow that does not decode: %j', (object, text) => {
  expect(misfit(object, 'Workflow')).toBe(`json: cannot unmarshal ${text}`)
})

test('behavior: unknown fields, nulls and quantities of any form decode', () => {
  const container = { name: 'c', resources: { limits: { cpu: 1 } }, ports: null, unknown: 7 }
  expect(misfit({ spec: { templates: [{ task: { container } }], more: 1 } }, 'Workflow')).toBeUndefined()
})

const kill = { action: 'pod-kill', mode: 'one', selector: {} }

test.each([
  [{ schedule: '@every 5m', type: 'PodChaos', podChaos: kill }, ''],
  [{ schedule: '*/5 * * * *', type: 'Workflow' }, ''],
  [
    { schedule: '', type: 'Workflow' },
    'spec.schedule: Invalid value: "": parse schedule field error:empty spec string',
  ],
  [
    { schedule: 'now', type: 'Workflow' },
    'spec.schedule: Invalid value: "now": parse schedule field error:expected 5 to 6 fields, found 1: [now]',
  ],
  [
    { schedule: '@often', type: 'Workflow' },
    'spec.schedule: Invalid value: "@often": parse schedule field error:unrecognized descriptor: @often',
  ],
  [
    { schedule: '@hourly', type: 'PodChaos', podChaos: { ...kill, duration: 'x' } },
    'Spec.Duration: Invalid value: "x": parse duration field error: time: invalid duration "x"',
  ],
])('behavior: a Schedule: %j', (spec, text) => {
  const errors = scheduleErrors(spec)
  expect(errors.length === 0 ? '' : textOf(errors)).toBe(text)
})

test.each([
  ['200', ''],
  ['200-400', ''],
  ['0', 'incorrect status code format: invalid status code'],
  ['ok', 'incorrect status code format: not a single number or a range'],
  ['200-1000', 'incorrect status code format: invalid status code range, code: 1000'],
])('behavior: a StatusCheck for %s', (statusCode, why) => {
  const http = { url: 'http://127.0.0.1/ok', criteria: { statusCode } }
  const found = statusCheckErrors({ type: 'HTTP', http }).map(({ detail }) => detail)
  expect(found).toEqual(why === '' ? [] : [why])
})
