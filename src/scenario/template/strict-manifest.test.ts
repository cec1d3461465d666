import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SeiNodeTask } from '../../contract/crds/head/seinodetask.ts'
import { goTemplate } from './go-template.ts'
import { strictManifest } from './strict-manifest.ts'

const root = join(import.meta.dirname, '../../..')

const node = (spec: string): string =>
  `apiVersion: sei.io/v1alpha1\nkind: SeiNode\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`

describe('strictManifest', () => {
  test('default: an object of its kind comes back as it is written', () => {
    const text = node('chainId: c\nimage: a:b\nfullNode: {}\noverrides:\n  api.rest.enable: "true"')
    expect(strictManifest(text, 'SeiNode')).toMatchObject({
      spec: { chainId: 'c', overrides: { 'api.rest.enable': 'true' } },
    })
  })

  test('behavior: apiVersion and kind may be left out, comments and null fields are nothing', () => {
    expect(strictManifest('# a note\nspec:\n  image: a:b\n  overrides:\n', 'SeiNode')).toEqual({
      spec: { image: 'a:b', overrides: null },
    })
  })

  test('behavior: kinds of tasks of every era fit', () => {
    const text = 'spec:\n  kind: DiscoverPeers\n  target: { nodeRef: { name: n } }\n  discoverPeers: {}\n'
    expect(() => strictManifest(text, 'SeiNodeTask')).not.toThrow()
  })

  test.for([
    [node('imag: a:b'), 'm: spec.imag: unknown field imag. Expected one of chainId, image,'],
    [node('imag: a:b'), 'Fix: did you mean image?'],
    [
      node('overrides:\n  api.rest.enable: true'),
      'm: spec.overrides["api.rest.enable"]: true is of another type. Expected a string. Fix: write "true" in quotes',
    ],
    [node('overrides:\n  mempool.size: 5000'), 'write "5000" in quotes'],
    [
      node('peers:\n  - label: { selectors: {} }'),
      'm: spec.peers[0].label.selectors: unknown field selectors',
    ],
    [node('peers: {}'), 'm: spec.peers: an object is of another type. Expected a list'],
    [node('paused: "yes"'), 'm: spec.paused: "yes" is of another type. Expected true or false'],
    ['metadata:\n  lables: {}\n', 'm: metadata.lables: unknown field lables'],
    ['kind: SeiNetwork\nspec: {}\n', 'm: kind: "SeiNetwork" is another kind. Expected SeiNode'],
    ['apiVersion: sei.io/v1\n', 'm: apiVersion: "sei.io/v1" is another apiVersion. Expected sei.io/v1alpha1'],
    [node('image: a\nimage: b'), 'm, line 5 as rendered: not YAML: Map keys must be unique'],
    [node('image: "a'), 'not YAML'],
    ['a: 1\n---\nb: 2\n', 'm: it has 2 documents. Expected one SeiNode'],
    ['- 1\n', 'm: a list of 1 is no object'],
    ['', 'm: undefined is no object'],
  ] as const)('error: %j', ([text, expected]) => {
    expect(() => strictManifest(text, 'SeiNode', 'm')).toThrow(expected)
  })

  test('error: everything that is wrong is told at once', () => {
    const text = node('imag: a\nnme: b')
    expect(() => strictManifest(text, 'SeiNode')).toThrow(/imag[\s\S]*nme/)
  })
})

describe('templates of the package', () => {
  const vars = {
    NODE: '0',
    CHAIN_ID: '123',
    IMAGE: 'a:b',
    ADMIN_ADDRESS: 'sei1x',
    TITLE: 'a "title": # with everything',
    DESCRIPTION: 'yes',
    UPGRADE_NAME: '7.0',
    UPGRADE_HEIGHT: '100',
    INITIAL_DEPOSIT: '1usei',
    FEES: '2usei',
    GAS: '3',
    PROPOSAL_ID: '4',
    OPTION: 'yes',
    TARGET_HEIGHT: '9',
  }
  const optional = {
    KEY_NAME: 'on',
    UPGRADE_INFO: '{"binaries":{}}',
    TIMEOUT_SECONDS: '7',
    ACTION: 'SIGTERM_SEID',
    REQUIRE_PHASE: 'Failed',
    MEMPOOL_SIZE: '5000',
  }
  const files = globSync('{templates,scenarios/*}/*.yaml.tmpl', { cwd: root })

  test('default: there are some', () => expect(files.length).toBeGreaterThan(9))

  test.for(files)('behavior: %s fits its kind, with and without what is optional', (file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const kind = /^kind: (\w+)$/m.exec(text)?.[1] ?? ''
    for (const values of [vars, { ...vars, ...optional }])
      expect(() => strictManifest(goTemplate(text, values, file), kind, file)).not.toThrow()
  })

  test('behavior: what looks like a number or a boolean stays text', () => {
    const text = readFileSync(join(root, 'templates/gov-vote.yaml.tmpl'), 'utf8')
    const { spec } = strictManifest<SeiNodeTask>(goTemplate(text, vars), 'SeiNodeTask')
    expect(spec).toMatchObject({
      target: { nodeRef: { name: '0' } },
      timeoutSeconds: 300,
      govVote: { chainId: '123', option: 'yes', proposalId: 4 },
    })
  })
})
