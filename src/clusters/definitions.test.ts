import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { headCrds } from '../contract/crds/head/all.ts'
import { customResourceDefinitions } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { chooseDefinitions, definitionsNote } from './definitions.ts'
import { startEmbedded } from './embedded.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sei-definitions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** One file for each, as they stand beside a controller; `marked` with an annotation that ours do not have. */
function writeOurs(): void {
  for (const crd of headCrds) {
    const { name } = crd.metadata
    const marked = { ...crd, metadata: { name, annotations: { marked: 'yes' } } }
    writeFileSync(join(folder, `${name}.yaml`), `---\n${stringify(marked)}`)
  }
}

async function problemsOf(named: string): Promise<string> {
  const error: unknown = await chooseDefinitions(named).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ class: 'usage', code: 'BAD_OPTIONS' })
  return String(error)
}

describe('the choice', () => {
  test('default: nothing named is nothing chosen, and not mentioned', async () => {
    expect(await chooseDefinitions(undefined)).toEqual({})
    expect(definitionsNote({})).toBe('')
    expect(definitionsNote({ era: 'head' })).toBe('')
  })

  test('behavior: the name of an era is that era, anything else a folder', async () => {
    expect(await chooseDefinitions('june')).toEqual({ era: 'june' })
    writeOurs()
    writeFileSync(join(folder, 'kustomization.yaml'), 'kind: Kustomization\n')
    writeFileSync(join(folder, 'README.md'), '# {{')
    const chosen = await chooseDefinitions(folder)
    expect(chosen).toEqual({ definitions: folder })
    expect(definitionsNote(chosen)).toBe(`, definitions of ${folder}`)
  })

  test('error: a folder that has not what is needed is refused with all that is wrong', async () => {
    expect(await problemsOf(join(folder, 'none'))).toMatch(/none cannot be read: ENOENT/)
    const empty = await problemsOf(folder)
    expect(empty).toContain(`${folder} does not define seinetworks.sei.io with a served v1alpha1`)
    expect(empty).toContain('does not define seinodes.sei.io')
    writeOurs()
    writeFileSync(join(folder, 'again.json'), JSON.stringify(headCrds[0]))
    expect(await problemsOf(folder)).toContain('defines seinetworks.sei.io twice')
    writeFileSync(join(folder, 'again.json'), '{"kind": "CustomResourceDefinition"}')
    expect(await problemsOf(folder)).toMatch(/again\.json cannot be read: metadata\.name, .* is missing/)
    writeFileSync(join(folder, 'again.json'), '{"kind": ')
    expect(await problemsOf(folder)).toMatch(/again\.json cannot be read: /)
  })
})

describe('a cluster', () => {
  test('behavior: has those of the folder, in place of ours', async () => {
    writeOurs()
    rmSync(join(folder, 'seinodetaskworkflows.sei.io.yaml'))
    const cluster = await startEmbedded({ definitions: folder })
    onTestFinished(() => cluster.close())
    const { items } = await cluster.kube.list<KubeObject>(customResourceDefinitions)
    const given = items.filter(({ metadata }) => metadata.name.endsWith('.sei.io'))
    expect(given.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'seinetworks.sei.io',
      'seinodes.sei.io',
      'seinodetasks.sei.io',
    ])
    for (const { metadata } of given) expect(metadata.annotations).toMatchObject({ marked: 'yes' })
    // What the folder does not speak of is there all the same.
    expect(items.map(({ metadata }) => metadata.name)).toContain('workflows.chaos-mesh.org')
    expect(cluster.describe()).toContain(`definitions of ${folder}`)
  })

  test('behavior: takes them from the environment where no option names them', async () => {
    vi.stubEnv('SEI_DEFINITIONS', join(folder, 'none'))
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(startEmbedded()).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
  })

  test('error: what its API server refuses is a usage error that names the definition, and leaves nothing', async () => {
    writeOurs()
    const broken = { ...headCrds[2], spec: { ...headCrds[2]?.spec, scope: 'Everywhere' } }
    writeFileSync(join(folder, 'seinodetasks.sei.io.yaml'), stringify(broken))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(startEmbedded({ definitions: folder })).rejects.toMatchObject({
      class: 'usage',
      code: 'BAD_OPTIONS',
      message: expect.stringMatching(/refuses seinodetasks\.sei\.io.*spec\.scope/s),
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('sei-embedded-'))).toEqual([])
  })
})
