import type { CustomResourceDefinition, JsonSchema, PrinterColumn } from '../schema.ts'

export interface DefinitionParts {
  readonly kind: string
  readonly plural: string
  readonly shortNames?: readonly string[] | undefined
  readonly spec: JsonSchema
  readonly status: JsonSchema
  /** Left out where a write of the status is one of the object. */
  readonly subresources?: { readonly status?: Readonly<Record<string, never>> } | undefined
  readonly columns?: readonly PrinterColumn[] | undefined
}

/** The definition of one kind of Chaos Mesh: all of them are namespaced, and have the one version v1alpha1. */
export function definition({
  kind,
  plural,
  shortNames,
  spec,
  status,
  subresources,
  columns,
}: DefinitionParts): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.chaos-mesh.org` },
    spec: {
      group: 'chaos-mesh.org',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames === undefined ? {} : { shortNames }),
      },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          ...(columns === undefined ? {} : { additionalPrinterColumns: columns }),
          ...(subresources === undefined ? {} : { subresources }),
          schema: { openAPIV3Schema: { type: 'object', properties: { spec, status }, required: ['spec'] } },
        },
      ],
    },
  }
}
