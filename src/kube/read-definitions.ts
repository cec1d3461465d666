import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../contract/objects.ts'
import type { Checked, Problem } from '../contract/problem.ts'

/** What has to be known of a definition before it is created; the rest is the API server's to judge. */
export interface ReadDefinition extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string; readonly kind: string }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
}

/** Without these there is no network. */
const needed = ['seinetworks.sei.io', 'seinodes.sei.io']
const neededVersion = 'v1alpha1'

/**
 * Reads every CustomResourceDefinition of the YAML and JSON files that lie directly in a folder; other objects in them are
 * passed over. Refuses, with all that is wrong, what cannot be read, is defined twice, or lacks SeiNetwork or SeiNode.
 */
export async function readDefinitions(folder: string): Promise<Checked<readonly ReadDefinition[]>> {
  let names: string[]
  try {
    names = (await readdir(folder)).filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted()
  } catch (error) {
    return refuse([problem(folder, `cannot be read: ${reason(error)}`, 'name a folder that is there')])
  }
  const files = await Promise.all(names.map((name) => readDefinitionFile(folder, name)))
  const problems = files.flatMap((file) => file.problems)
  const found = files.flatMap(({ definitions }) => definitions)
  const twice = found.filter(({ metadata: { name } }, at) =>
    found.slice(0, at).some((other) => other.metadata.name === name),
  )
  problems.push(
    ...twice.map(({ metadata }) => problem(folder, `defines ${metadata.name} twice`, 'remove one')),
  )
  if (problems.length === 0) problems.push(...missing(folder, found))
  return problems.length === 0 ? { ok: true, value: found } : refuse(problems)
}

interface DefinitionFile {
  readonly definitions: readonly ReadDefinition[]
  readonly problems: readonly Problem[]
}

async function readDefinitionFile(folder: string, name: string): Promise<DefinitionFile> {
  const path = join(folder, name)
  try {
    const documents = parseAllDocuments(await readFile(path, 'utf8'))
    const [error] = documents.flatMap(({ errors }) => errors)
    if (error !== undefined) throw error
    const crds = documents.map((document): unknown => document.toJS()).filter(isDefinition)
    const [broken] = crds.filter((crd) => !isUsable(crd))
    if (broken !== undefined)
      throw new Error('metadata.name, spec.group, spec.names or spec.versions is missing')
    return { definitions: crds.filter(isUsable), problems: [] }
  } catch (error) {
    return {
      definitions: [],
      problems: [problem(path, `cannot be read: ${reason(error)}`, 'correct the file')],
    }
  }
}

function isDefinition(value: unknown): boolean {
  return isRecord(value) && value['kind'] === 'CustomResourceDefinition'
}

function isUsable(value: unknown): value is ReadDefinition {
  if (!isRecord(value)) return false
  const { metadata, spec } = value
  if (!isRecord(metadata) || typeof metadata['name'] !== 'string' || !isRecord(spec)) return false
  const { group, names, versions } = spec
  return (
    typeof group === 'string' &&
    isRecord(names) &&
    typeof names['plural'] === 'string' &&
    Array.isArray(versions) &&
    versions.every((version) => isRecord(version) && typeof version['name'] === 'string')
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function missing(folder: string, found: readonly ReadDefinition[]): Problem[] {
  const served = (wanted: string): boolean =>
    found.some(
      ({ metadata, spec }) =>
        metadata.name === wanted &&
        spec.versions.some(({ name, served }) => name === neededVersion && served),
    )
  return needed
    .filter((wanted) => !served(wanted))
    .map((wanted) =>
      problem(
        folder,
        `does not define ${wanted} with a served ${neededVersion}`,
        'name the folder whose files define the Sei kinds; folders below it are not looked at',
      ),
    )
}

function problem(where: string, what: string, fix: string): Problem {
  return {
    what: `${where} ${what}`,
    where: 'definitions',
    expected: `a folder of CustomResourceDefinitions in YAML or JSON, ${needed.join(' and ')} among them`,
    fix,
  }
}

function refuse(problems: readonly Problem[]): Checked<never> {
  return { ok: false, problems }
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
}
