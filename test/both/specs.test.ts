import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { casesOf } from '../../ci/crds/cases.ts'
import { headCrds } from '../../src/contract/crds/head/all.ts'
import { compileCrd } from '../../src/embedded/apiserver/schema/compile-crd.ts'
import { loadConnection } from '../../src/kube/kubeconfig.ts'
import { connectTarget, type ApiTarget } from '../helpers/api-target.ts'
import { install } from '../helpers/conformance-widgets.ts'
import { judgeSpecs } from './judge-specs.ts'

/** A group that no controller watches. */
const group = 'specs.test.dev'
const version = 'v1alpha1'

interface Crd {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string }
    readonly versions: readonly { readonly name: string }[]
  }
}

/**
 * The definitions for the real server: our own, or those of the folder that SEI_CRDS names, which are then held against
 * ours on the embedded one.
 */
const folder = process.env['SEI_CRDS']

function realCrd(ours: Crd): Crd {
  if (folder === undefined) return ours
  for (const file of globSync('**/head/*.yaml', { cwd: folder })) {
    const crd = parse(readFileSync(join(folder, file), 'utf8')) as Crd
    if (crd.metadata.name === ours.metadata.name) return crd
  }
  throw new Error(`no ${ours.metadata.name} in ${folder}`)
}

/** The same definition in the group of this test, served at one path by every server. */
function moved({ spec }: Crd): Record<string, unknown> {
  const served = spec.versions.filter(({ name }) => name === version)
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${spec.names.plural}.${group}` },
    spec: { ...spec, group, versions: served },
  }
}

let targets: readonly ApiTarget[] = []

beforeAll(async () => {
  const { embedded, real } = inject('servers')
  const connect = async (kubeconfigPath: string): Promise<ApiTarget> =>
    connectTarget(await loadConnection({ kubeconfigPath, env: {} }))
  targets = await Promise.all([embedded, real].map(connect))
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'specs' } }
  await Promise.all(targets.map((target) => target.call('POST', '/api/v1/namespaces', { body: namespace })))
})
afterAll(() => Promise.all(targets.map((target) => target.close())))

describe.each<Crd>(headCrds)('specs of $spec.names.kind', (ours) => {
  const { kind, plural } = ours.spec.names
  test('behavior: both servers accept and refuse the same writes, for the same reasons', async ({ task }) => {
    const crds = [moved(ours), moved(realCrd(ours))]
    const compiled = compileCrd(crds[1])
    await compiled.ready
    const schema = compiled.versions.get(version)?.schema ?? {}
    const cases = casesOf(schema, { apiVersion: `${group}/${version}`, kind }).map((each) =>
      inNamespace(each),
    )
    const path = `/apis/${group}/${version}/namespaces/specs/${plural}`
    const said = await Promise.all(
      targets.map(async (target, index) => {
        await install(target, crds[index] ?? {}, version)
        return judgeSpecs(target, path, cases)
      }),
    )
    const [embedded = [], real = []] = said
    const differing = cases.flatMap(({ title }, index) =>
      isDeepStrictEqual(embedded[index], real[index])
        ? []
        : [{ title, embedded: embedded[index], real: real[index] }],
    )
    Object.assign(task.meta, { specs: { agree: cases.length - differing.length, of: cases.length } })
    expect(differing.slice(0, 20)).toEqual([])
    expect(cases.length).toBeGreaterThan(1_000)
  }, 600_000)
})

/** The generator's namespace is not ours. */
function inNamespace<T extends { readonly object: unknown; readonly old?: unknown }>(each: T): T {
  const text = JSON.stringify(each).replaceAll('"namespace":"default"', '"namespace":"specs"')
  return JSON.parse(text) as T
}
