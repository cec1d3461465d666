import { expect, test } from 'vitest'
import { definitionsOf, eras } from '../../contract/crds/eras.ts'
import { seiNodeCrd } from '../../contract/crds/head/seinode.ts'
import { imageLabels } from '../../contract/fingerprint.ts'
import { labelsOf, ownFingerprint } from './own-fingerprint.ts'
import { differing, eraOf, schemasHash, schemasOf } from './schema-hash.ts'
import { differingTemplates, templatesHash } from './template-hash.ts'

const schema = {
  type: 'object',
  description: 'one',
  required: ['b', 'a'],
  properties: { a: { type: 'string' } },
}

test.for([
  ['prose', { ...schema, description: 'another' }],
  ['the order of a set', { ...schema, required: ['a', 'b'] }],
  ['the order of members', { properties: schema.properties, required: schema.required, type: 'object' }],
  ['a rule in CEL', { ...schema, 'x-kubernetes-validations': [{ rule: 'true', message: 'never' }] }],
])('default: %s does not change the hash of a schema', ([, other]) => {
  expect(schemasHash({ 'x.sei.io': other })).toBe(schemasHash({ 'x.sei.io': schema }))
})

test.for([
  ['a type', { ...schema, properties: { a: { type: 'integer' } } }],
  ['a new field', { ...schema, properties: { ...schema.properties, b: { type: 'string' } } }],
  [
    'a field called description',
    { ...schema, properties: { ...schema.properties, description: { type: 'string' } } },
  ],
  ['what is required', { ...schema, required: ['a'] }],
  ['a default', { ...schema, properties: { a: { type: 'string', default: 'x' } } }],
])('behavior: %s changes it', ([, other]) => {
  expect(schemasHash({ 'x.sei.io': other })).not.toBe(schemasHash({ 'x.sei.io': schema }))
})

test.for(eras)('default: the definitions of %s are known as those', (era) => {
  const installed = JSON.parse(JSON.stringify(schemasOf(era))) as Record<string, unknown>
  expect(eraOf(installed)).toBe(era)
})

test('error: one field more, and they are of no era; the definition is named', () => {
  const installed = structuredClone(schemasOf('head')) as Record<
    string,
    { properties: Record<string, unknown> }
  >
  Object.assign(installed[seiNodeCrd.metadata.name]?.properties ?? {}, { fresh: { type: 'string' } })
  expect(eraOf(installed)).toBeUndefined()
  expect(differing(installed, 'head')).toEqual([seiNodeCrd.metadata.name])
  expect(differing({}, 'head')).toEqual(definitionsOf.head.map(({ metadata }) => metadata.name))
})

const template = new Map([['validator.yaml.tmpl', "kind: SeiNetwork\nspec:\n  image: '{{ .IMAGE }}'\n"]])

test.for([
  ['a comment', '# why\nkind: SeiNetwork\nspec: # all of it\n  image: "{{ .IMAGE }}"\n', []],
  ['a file that is no template', undefined, []],
  ['a value', 'kind: SeiNetwork\nspec:\n  image: other\n', ['validator.yaml.tmpl']],
] as const)('default: %s differs or not', ([, text, differ]) => {
  const other = text === undefined ? template : new Map([['validator.yaml.tmpl', text]])
  const beside = new Map([...other, ['README.md', 'read me']])
  expect(differingTemplates(template, beside)).toEqual(differ)
  expect(templatesHash(beside) === templatesHash(template)).toBe(differ.length === 0)
})

test('behavior: a template that only one side has differs', () => {
  expect(differingTemplates(template, new Map())).toEqual(['validator.yaml.tmpl'])
})

test('default: an image is labelled with every part of its fingerprint', async () => {
  const fingerprint = await ownFingerprint()
  expect(Object.keys(fingerprint.templates)).toEqual([
    'load-test',
    'major-upgrade',
    'release-test',
    'node-tasks',
  ])
  const labels = labelsOf(fingerprint)
  expect(Object.keys(labels).toSorted()).toEqual(Object.values(imageLabels).toSorted())
  for (const value of Object.values(labels)) expect(value).toMatch(/[0-9a-f]{40}/)
})
