import { listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import type { Collection } from '../store.ts'
import { labelMatcher } from './label-matcher.ts'
import type { LabelMatcher } from '../selectors.ts'

export interface Rule {
  readonly operations: readonly string[]
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly resources: readonly string[]
  readonly scope: string
}

/** One webhook of a configuration, as its caller needs it. */
export interface Hook {
  readonly name: string
  readonly rules: readonly Rule[]
  readonly isEquivalent: boolean
  /** `undefined` selects everything. */
  readonly namespaces: LabelMatcher | undefined
  readonly objects: LabelMatcher | undefined
  /** CEL; all have to hold. */
  readonly conditions: readonly string[]
  readonly ignoresFailure: boolean
  readonly timeoutSeconds: number
  readonly reinvoked: boolean
  readonly client: Client
}

export interface Client {
  readonly url: string | undefined
  readonly service:
    | { readonly namespace: string; readonly name: string; readonly path: string; readonly port: number }
    | undefined
  /** PEM; empty for the machine's own authorities. */
  readonly ca: string
}

/** The webhooks of all configurations of one kind, by name of the configuration and then in its order. */
export class Hooks {
  readonly #configurations: Collection
  #known: readonly Hook[] | undefined

  constructor(configurations: Collection) {
    this.#configurations = configurations
    configurations.listen(() => {
      this.#known = undefined
    })
  }

  all(): readonly Hook[] {
    this.#known ??= this.#configurations.list().flatMap(hooksOf)
    return this.#known
  }
}

function hooksOf(configuration: ApiObject): Hook[] {
  return listAt(configuration, 'webhooks').map((hook) => ({
    name: stringAt(hook, 'name') ?? '',
    rules: listAt(hook, 'rules').map(ruleOf),
    isEquivalent: stringAt(hook, 'matchPolicy') === 'Equivalent',
    namespaces: labelMatcher(recordAt(hook, 'namespaceSelector')),
    objects: labelMatcher(recordAt(hook, 'objectSelector')),
    conditions: listAt(hook, 'matchConditions').map((one) => stringAt(one, 'expression') ?? ''),
    ignoresFailure: stringAt(hook, 'failurePolicy') === 'Ignore',
    timeoutSeconds: numberAt(hook, 'timeoutSeconds') ?? 10,
    reinvoked: stringAt(hook, 'reinvocationPolicy') === 'IfNeeded',
    client: clientOf(recordAt(hook, 'clientConfig')),
  }))
}

function ruleOf(rule: unknown): Rule {
  const list = (field: string): string[] => listAt(rule, field).map(String)
  return {
    operations: list('operations'),
    apiGroups: list('apiGroups'),
    apiVersions: list('apiVersions'),
    resources: list('resources'),
    scope: stringAt(rule, 'scope') ?? '*',
  }
}

function clientOf(config: Record<string, unknown>): Client {
  const service = recordAt(config, 'service')
  return {
    url: stringAt(config, 'url'),
    service:
      config['service'] === undefined
        ? undefined
        : {
            namespace: stringAt(service, 'namespace') ?? '',
            name: stringAt(service, 'name') ?? '',
            path: stringAt(service, 'path') ?? '',
            port: numberAt(service, 'port') ?? 443,
          },
    ca: Buffer.from(stringAt(config, 'caBundle') ?? '', 'base64').toString('utf8'),
  }
}

function numberAt(value: unknown, field: string): number | undefined {
  const found = recordAt({ value }, 'value')[field]
  return typeof found === 'number' ? found : undefined
}
