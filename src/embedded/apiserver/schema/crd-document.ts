import { isRecord, listAt, recordAt, stringAt } from '../object.ts'
import type { JsonSchema } from './json-schema.ts'

/** One entry of a definition's `spec.versions`, as far as it can be read. */
export interface CrdVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly schema: JsonSchema | undefined
  /** `status` and `scale` where the version declares them. */
  readonly subresources: readonly ('status' | 'scale')[]
  readonly printerColumns: readonly PrinterColumn[]
}

/** One entry of `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

/** Reads the versions of a definition; whatever is malformed is left out, `checkCrd` tells. */
export function crdVersions(crd: unknown): readonly CrdVersion[] {
  return listAt(recordAt(crd, 'spec'), 'versions').map(readVersion)
}

function readVersion(version: unknown): CrdVersion {
  const fields = isRecord(version) ? version : {}
  const schema = recordAt(fields, 'schema')['openAPIV3Schema']
  const subresources = recordAt(fields, 'subresources')
  return {
    name: stringAt(fields, 'name') ?? '',
    served: fields['served'] === true,
    storage: fields['storage'] === true,
    schema: isRecord(schema) ? schema : undefined,
    subresources: (['status', 'scale'] as const).filter((name) => isRecord(subresources[name])),
    printerColumns: listAt(fields, 'additionalPrinterColumns').map(readColumn),
  }
}

function readColumn(column: unknown): PrinterColumn {
  const jsonPath = stringAt(column, 'jsonPath') ?? ''
  const priority = isRecord(column) ? column['priority'] : undefined
  return {
    name: stringAt(column, 'name') ?? '',
    type: stringAt(column, 'type') ?? 'string',
    jsonPath,
    format: stringAt(column, 'format') ?? '',
    description:
      stringAt(column, 'description') ??
      `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: typeof priority === 'number' ? priority : 0,
  }
}
