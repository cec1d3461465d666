import type { CustomResourceDefinition } from '../../contract/crds/schema.ts'
import { eras } from '../../contract/crds/eras.ts'
import { customResourceDefinitions } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { isForbidden } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Comparison, FingerprintOptions } from './check-fingerprint.ts'
import { differing, eraOf, schemasHash, schemasOf, type Schemas } from './schema-hash.ts'

const expected = eras.map((era) => `${era} ${shortHash(schemasOf(era))}`).join(' or ')

/** The definitions of the Sei kinds that the cluster has, against those that this package speaks. */
export async function compareDefinitions({ kube }: FingerprintOptions): Promise<Comparison> {
  const installed = await readSchemas(kube)
  if (installed === undefined) {
    const fix = 'grant get on customresourcedefinitions, ci/manifests/caller-rbac.yaml'
    return { agrees: false, expected, found: 'may not be read', fix }
  }
  const era = eraOf(installed)
  if (era !== undefined) return { agrees: true, expected, found: `${era} ${shortHash(schemasOf(era))}` }
  const differ = differing(installed, 'head').map((name) =>
    installed[name] === undefined ? `${name} is missing` : `${name} differs`,
  )
  const fix =
    'install the definitions of the controller that this package was made for, or use the matching package'
  return { agrees: false, expected, found: differ.join(', '), fix }
}

/** Schemas of the definitions that the cluster has, undefined where they may not be read. */
async function readSchemas(kube: KubeClient): Promise<Schemas | undefined> {
  const names = [...new Set(eras.flatMap((era) => Object.keys(schemasOf(era))))]
  try {
    const found = await Promise.all(
      names.map((name) =>
        kube.find<CustomResourceDefinition & KubeObject>(customResourceDefinitions, { name }),
      ),
    )
    return Object.fromEntries(
      found.flatMap((definition): [string, unknown][] => {
        const served = definition?.spec.versions.find(({ name }) => name === 'v1alpha1')
        return definition === undefined ? [] : [[definition.metadata.name, served?.schema.openAPIV3Schema]]
      }),
    )
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

function shortHash(schemas: Schemas): string {
  return schemasHash(schemas).slice(0, 12)
}
