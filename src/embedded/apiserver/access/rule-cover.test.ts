import { expect, test } from 'vitest'

import type { PolicyRule } from './policy-rule.ts'
import { missingRights } from './rule-cover.ts'

function on(verbs: string, resources: string, more: PolicyRule = {}): PolicyRule {
  return { verbs: verbs.split(' '), apiGroups: [''], resources: resources.split(' '), ...more }
}

function urls(verbs: string, paths: string): PolicyRule {
  return { verbs: verbs.split(' '), nonResourceURLs: paths.split(' ') }
}

const rows: [title: string, held: PolicyRule[], wanted: PolicyRule[], missing: string[]][] = [
  ['the same', [on('get', 'pods')], [on('get', 'pods')], []],
  ['less', [on('get list', 'pods secrets')], [on('list', 'secrets')], []],
  ['several rules together', [on('get', 'pods'), on('list', 'pods')], [on('get list', 'pods')], []],
  [
    'everything',
    [on('*', '*', { apiGroups: ['*'] })],
    [on('escalate', 'pods/log', { apiGroups: ['x'] })],
    [],
  ],
  ['a subresource of all', [on('get', '*/scale')], [on('get', 'pods/scale')], []],
  ['names of all', [on('get', 'pods')], [on('get', 'pods', { resourceNames: ['a'] })], []],
  ['paths', [urls('get', '/a/*')], [urls('get', '/a/b'), urls('get', '/a/*')], []],
  ['nothing asked', [], [{ verbs: [], apiGroups: [''], resources: ['pods'] }], []],
  [
    'verbs put together, sorted by resource',
    [on('get', 'pods')],
    [on('get list delete', 'secrets pods')],
    [
      '{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}',
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "delete"]}',
    ],
  ],
  [
    'one name held, another asked, and all',
    [on('get', 'pods', { resourceNames: ['a'] })],
    [on('get', 'pods', { resourceNames: ['a', 'b'] }), on('get', 'pods')],
    [
      '{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}',
      '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
    ],
  ],
  [
    'a star asked',
    [on('get list', 'pods')],
    [on('*', 'pods')],
    ['{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
  ],
  [
    'paths, each for itself',
    [urls('get', '/a')],
    [urls('get put', '/a /b')],
    [
      '{NonResourceURLs:["/a"], Verbs:["put"]}',
      '{NonResourceURLs:["/b"], Verbs:["get"]}',
      '{NonResourceURLs:["/b"], Verbs:["put"]}',
    ],
  ],
]

test.each(rows)('behavior: what is missing, of %s', (_title, held, wanted, missing) => {
  expect(missingRights(held, wanted)).toEqual(missing)
})
