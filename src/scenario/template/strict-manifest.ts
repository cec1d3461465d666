import { parseAllDocuments } from 'yaml'
import type { JsonSchema } from '../../contract/crds/schema.ts'
import { definitionsOf, eras } from '../../contract/crds/eras.ts'
import { isPlainObject, show } from '../../contract/checks.ts'
import type { KubeObject } from '../../contract/objects.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import { misfits } from './misfits.ts'

/**
 * The one object of a YAML text, decoded as strictly as the Go types of its kind would: a field that the kind does not have,
 * a key that stands twice, a value of another type are errors, all of them told with their path. A quoted scalar is a
 * string; what is required is left to the API server. `kind` is that of a Sei definition, of any era; a manifest may
 * leave apiVersion and kind out. Throws BAD_INPUT.
 */
export function strictManifest<T extends KubeObject = KubeObject>(
  text: string,
  kind: string,
  name: string = 'manifest',
): T {
  const object = onlyObject(text, kind, name)
  const schemas = schemasOf(kind)
  const [problems] = schemas
    .map((schema) => misfits(object, schema, name))
    .toSorted((a, b) => a.length - b.length)
  if (problems === undefined) throw new Error(`there is no definition of ${kind}`)
  const wrong = [...misnamed(object, kind, name), ...problems]
  if (wrong.length > 0) throw usageError(wrong)
  return object as unknown as T
}

function onlyObject(text: string, kind: string, name: string): Record<string, unknown> {
  // Warnings would be printed: what is no error here is none.
  const documents = parseAllDocuments(text, { logLevel: 'error' })
  const [first, ...more] = Array.isArray(documents) ? documents : []
  const failure = [first, ...more].flatMap((document) => document?.errors ?? [])[0]
  if (failure !== undefined) {
    const at = failure.linePos?.[0]
    const [what = ''] = failure.message.split('\n')
    throw usageError([
      {
        what: `not YAML: ${what.replace(/:?$/, '').replace(/ at line \d+, column \d+$/, '')}`,
        where: at === undefined ? name : `${name}, line ${at.line} as rendered`,
        expected: `one ${kind} as YAML`,
        fix: 'quote the values that the template puts in, and look at the indentation',
      },
    ])
  }
  const value: unknown = first?.toJS()
  if (isPlainObject(value) && more.length === 0) return value
  const what = more.length > 0 ? `it has ${more.length + 1} documents` : `${show(value)} is no object`
  throw usageError([
    { what, where: name, expected: `one ${kind}`, fix: 'write one object with metadata and spec' },
  ])
}

function schemasOf(kind: string): readonly JsonSchema[] {
  const schemas = eras.flatMap((era) =>
    definitionsOf[era]
      .filter(({ spec }) => spec.names.kind === kind)
      .map(({ spec }) => spec.versions[0].schema.openAPIV3Schema),
  )
  return [...new Set(schemas)]
}

function misnamed(object: Record<string, unknown>, kind: string, name: string): Problem[] {
  const apiVersion = 'sei.io/v1alpha1'
  return Object.entries({ kind, apiVersion })
    .filter(([field, wanted]) => object[field] !== undefined && object[field] !== wanted)
    .map(([field, wanted]) => ({
      what: `${show(object[field])} is another ${field}`,
      where: `${name}: ${field}`,
      expected: wanted,
      fix: `use a template of a ${kind}`,
    }))
}
