/** The part of structural JSON schema that our custom resource definitions use. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly string[]
  readonly default?: string | number | boolean
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly minProperties?: number
  readonly 'x-kubernetes-int-or-string'?: true
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-list-type'?: 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular'
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
}

/** `rule` is CEL over `self`, and over `oldSelf` where it only judges changes. */
export interface CelRule {
  readonly rule: string
  readonly message: string
}

export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  readonly priority?: number
}

/** A namespaced definition with one version, as all of ours are. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly names: {
      readonly kind: string
      readonly listKind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames?: readonly string[]
    }
    readonly scope: 'Namespaced'
    readonly versions: readonly [
      {
        readonly name: string
        readonly served: true
        readonly storage: true
        /** Left out by kinds whose status is written with the object itself. */
        readonly subresources?: { readonly status?: Readonly<Record<string, never>> }
        readonly additionalPrinterColumns?: readonly PrinterColumn[]
        readonly schema: { readonly openAPIV3Schema: JsonSchema }
      },
    ]
  }
}

type Flat<T> = { [K in keyof T]: T[K] }

type InferObject<P, Required extends PropertyKey> = Flat<
  { -readonly [K in keyof P as K extends Required ? K : never]: Infer<P[K]> } & {
    -readonly [K in keyof P as K extends Required ? never : K]?: Infer<P[K]>
  }
>

/** A required field that has a default may be left out by whoever writes the object. */
type RequiredKeys<S, P> = S extends { readonly required: readonly (infer K)[] }
  ? {
      [N in keyof P]: N extends K ? (P[N] extends { readonly default: unknown } ? never : N) : never
    }[keyof P]
  : never

/** The TypeScript type of the objects that a schema written `as const` admits. An object without properties holds nothing. */
export type Infer<S> = S extends { readonly 'x-kubernetes-int-or-string': true }
  ? number | string
  : S extends { readonly 'x-kubernetes-preserve-unknown-fields': true }
    ? unknown
    : S extends { readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly properties: infer P }
        ? InferObject<P, RequiredKeys<S, P>>
        : S extends { readonly additionalProperties: infer V }
          ? Record<string, Infer<V>>
          : S extends { readonly items: infer I }
            ? Infer<I>[]
            : S extends { readonly type: 'object' }
              ? Record<string, never>
              : S extends { readonly type: 'integer' | 'number' }
                ? number
                : S extends { readonly type: 'boolean' }
                  ? boolean
                  : S extends { readonly type: 'string' }
                    ? string
                    : never
