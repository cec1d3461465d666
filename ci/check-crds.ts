/**
 * Checks that real definitions compile, and that ours decide as the real ones do.
 *
 *   npm run check:crds -- <folder with the real CRDs, e.g. ../shared/crds>
 *
 * Every `*.yaml` below the folder must compile. For each real definition that we have one of the same name for, in a
 * folder called as in `twins`, writes are generated from the real schema and put to both. Exits 1 on any difference.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parse } from 'yaml'
import { faultCrds } from '../src/contract/crds/chaos-mesh/fault-crds.ts'
import { definitionsOf } from '../src/contract/crds/eras.ts'
import type { CustomResourceDefinition } from '../src/contract/crds/schema.ts'
import { fieldErrorText } from '../src/embedded/apiserver/field-error.ts'
import { isRecord, recordAt, stringAt } from '../src/embedded/apiserver/object.ts'
import {
  compileCrd,
  type CompiledCrd,
  type CompiledVersion,
} from '../src/embedded/apiserver/schema/compile-crd.ts'
import type { ValidationRule } from '../src/embedded/apiserver/schema/json-schema.ts'
import { casesOf } from './crds/cases.ts'
import { differences, judge } from './crds/compare.ts'
import { placesOf } from './crds/place.ts'

const shownDifferences = 20

/**
 * Our definitions by the folder that holds their real twins. Those of Workflows leave open what the real ones spell out of
 * pods, and are no twins.
 */
const twins: Readonly<Record<string, readonly CustomResourceDefinition[]>> = {
  head: definitionsOf.head,
  pr386: definitionsOf.june,
  'chaos-mesh': faultCrds,
}

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: npm run check:crds -- <folder with the real CRDs>')
  process.exit(64)
}

let failed = false
let writes = 0
let rules = 0
for (const file of globSync('**/*.yaml', { cwd: folder }).toSorted()) {
  const document: unknown = parse(readFileSync(join(folder, file), 'utf8'))
  if (!isRecord(document) || document['kind'] !== 'CustomResourceDefinition') continue
  const compiled = await compileOrReport(file, document)
  if (compiled === undefined) continue
  for (const version of compiled.versions.values()) {
    const report = await checkVersion(file, document, version)
    rules += report.rules
    writes += report.writes
  }
}
console.log(
  `${rules} rules; ${writes} writes put to real and our definitions; ${failed ? 'FAILED' : 'all agree'}`,
)
process.exit(failed ? 1 : 0)

async function compileOrReport(name: string, document: unknown): Promise<CompiledCrd | undefined> {
  const compiled = compileCrd(document)
  const errors = [...compiled.errors, ...(await compiled.ready)]
  if (errors.length === 0) return compiled
  fail(`${name} does not compile`, errors.map(fieldErrorText))
  return undefined
}

async function checkVersion(
  file: string,
  document: Record<string, unknown>,
  real: CompiledVersion,
): Promise<{ rules: number; writes: number }> {
  const places = placesOf(real.schema ?? {})
  const declared = places.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? [])
  const name = stringAt(document['metadata'], 'name')
  const twin = twins[basename(dirname(file))]?.find((crd) => crd.metadata.name === name)
  console.log(
    `${relative('.', file)}: ${real.name} compiles, ${places.length} fields, ${declared.length} rules`,
  )
  if (twin === undefined) return { rules: declared.length, writes: 0 }
  const ours = (await compileOrReport(`our ${name}`, twin))?.versions.get(real.name)
  if (ours === undefined) {
    fail(`${name} has no version ${real.name} of ours`, [])
    return { rules: declared.length, writes: 0 }
  }
  checkHeader(document, twin)
  return { rules: declared.length, writes: compareVersions(document, real, ours, declared) }
}

/** Everything of a definition that is not its schema must be the same, descriptions apart. */
function checkHeader(real: unknown, ours: unknown): void {
  const header = (crd: unknown): string => {
    const { versions, conversion: _conversion, ...spec } = recordAt(crd, 'spec')
    const plain = (Array.isArray(versions) ? versions : []).map((version: unknown) => {
      const { schema: _schema, ...rest } = recordAt({ version }, 'version')
      return rest
    })
    return JSON.stringify({ spec, plain }, (key, value: unknown) =>
      key === 'description' ? undefined : ordered(value),
    )
  }
  if (header(real) !== header(ours)) fail('header differs', [`real ${header(real)}`, `ours ${header(ours)}`])
}

function ordered(value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
}

function compareVersions(
  document: unknown,
  real: CompiledVersion,
  ours: CompiledVersion,
  declared: readonly ValidationRule[],
): number {
  const spec = recordAt(document, 'spec')
  const kind = stringAt(recordAt(spec, 'names'), 'kind') ?? ''
  const cases = casesOf(real.schema ?? {}, { apiVersion: `${stringAt(spec, 'group')}/${real.name}`, kind })
  const broken = new Set<string>()
  const found: string[] = []
  let accepted = 0
  for (const write of cases) {
    const [verdict, mine] = [judge(real, write), judge(ours, write)]
    if (verdict.accepted) accepted += 1
    for (const error of verdict.errors) broken.add(error.detail)
    const differs = differences(verdict, mine)
    if (differs.length > 0) found.push(`${write.title}: ${differs.join('; ')}`)
  }
  console.log(`  ${kind}: ${cases.length} writes, ${accepted} accepted by the real definition`)
  if (found.length > 0) fail(`${kind}: ${found.length} writes are judged differently`, found)
  const untried = declared.filter((rule) => !broken.has(textOf(rule)))
  if (untried.length > 0)
    fail(
      `${kind}: rules that no write broke`,
      untried.map((rule) => rule.rule),
    )
  return cases.length
}

function textOf(rule: ValidationRule): string {
  return rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`
}

function fail(what: string, details: readonly string[]): void {
  failed = true
  console.error(`FAILED ${what}`)
  for (const detail of details.slice(0, shownDifferences)) console.error(`  ${detail}`)
  if (details.length > shownDifferences) console.error(`  … and ${details.length - shownDifferences} more`)
}
