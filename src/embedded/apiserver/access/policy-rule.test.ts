import { describe, expect, test } from 'vitest'

import type { Attributes } from './attributes.ts'
import { ruleAllows, type PolicyRule } from './policy-rule.ts'

/** `verb group resource/subresource name`, or `verb /path`; the core group is `core`. */
function asked(text: string): Attributes {
  const [verb = '', where = '', what = '', name = ''] = text.split(' ')
  if (where.startsWith('/')) return { verb, path: where }
  const [resource = '', subresource = ''] = what.split('/')
  return { verb, group: where === 'core' ? '' : where, resource, subresource, name, namespace: 'ns' }
}

const pods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] }
const named: PolicyRule = { ...pods, resourceNames: ['a', 'b'] }
const logs: PolicyRule = { ...pods, resources: ['pods/log'] }
const scales: PolicyRule = { verbs: ['*'], apiGroups: ['apps', 'sei.io'], resources: ['*/scale'] }
const everything: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const core: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['*'] }
const urls: PolicyRule = { verbs: ['get'], nonResourceURLs: ['/a', '/b/*', '/c*'] }
const anyUrl: PolicyRule = { verbs: ['*'], nonResourceURLs: ['*'] }

const rows: [rule: string, PolicyRule, allowed: string[], refused: string[]][] = [
  [
    'on one resource',
    pods,
    ['get core pods', 'list core pods', 'get core pods x'],
    ['watch core pods', 'get apps pods', 'get core secrets', 'get core pods/log', 'get /pods'],
  ],
  [
    'for names',
    named,
    ['get core pods a', 'list core pods b'],
    ['get core pods', 'get core pods c', 'list core pods'],
  ],
  ['on a subresource', logs, ['get core pods/log x'], ['get core pods x', 'get core pods/exec x']],
  [
    'on a subresource of all',
    scales,
    ['patch apps statefulsets/scale x', 'get sei.io seinodes/scale'],
    ['patch apps statefulsets', 'patch batch jobs/scale', 'patch apps statefulsets/status'],
  ],
  [
    'on everything',
    everything,
    ['get core pods', 'escalate rbac roles', 'get x y/z n', '* * *'],
    ['get /healthz'],
  ],
  [
    'on every resource of a group',
    core,
    ['get core pods', 'get core pods/log', 'get core nodes/proxy x'],
    ['get apps deployments', 'list core pods'],
  ],
  [
    'on paths',
    urls,
    ['get /a', 'get /b/', 'get /b/x/y', 'get /c', 'get /cd'],
    ['get /a/', 'get /b', 'post /a', 'get core pods'],
  ],
  ['on every path', anyUrl, ['get /', 'post /x/y'], ['get core pods']],
  ['of nothing', {}, [], ['get core pods', 'get /']],
  ['without verbs', { apiGroups: ['*'], resources: ['*'] }, [], ['get core pods']],
]

describe.each(rows)('a rule %s', (_title, rule, allowed, refused) => {
  if (allowed.length > 0)
    test.each(allowed)('behavior: allows %s', (text) => {
      expect(ruleAllows(rule, asked(text))).toBe(true)
    })
  test.each(refused)('error: does not allow %s', (text) => {
    expect(ruleAllows(rule, asked(text))).toBe(false)
  })
})
