import type { Container } from '../../../../contract/objects.ts'
import { expand } from './expand.ts'
import { downwardValue, type DownwardSource, type PodFacts } from './pod-facts.ts'
import { notFound, type ConfigReader } from './config-reader.ts'

/** Variables of a container as its spec states them. */
export interface Environment {
  readonly values: ReadonlyMap<string, string>
  /** Names of those that come from Secrets. */
  readonly secret: ReadonlySet<string>
}

interface Reference {
  readonly name?: string
  readonly optional?: boolean
}

interface EnvFrom {
  readonly prefix?: string
  readonly configMapRef?: Reference
  readonly secretRef?: Reference
}

interface ValueFrom extends DownwardSource {
  readonly configMapKeyRef?: Reference & { readonly key: string }
  readonly secretKeyRef?: Reference & { readonly key: string }
}

/**
 * The variables of a container, by the kubelet's rules: first `envFrom` in its order, then `env`, each value with the references
 * to those before it, and to `base`, resolved. Names are taken as they are: since 1.34 the kubelet refuses none. Throws with the kubelet's
 * sentence where a ConfigMap, a Secret or a key is missing that is not optional.
 */
export async function environmentOf(
  container: Container,
  facts: PodFacts,
  read: ConfigReader,
  base: Readonly<Record<string, string>> = {},
): Promise<Environment> {
  const values = new Map(Object.entries(base))
  const secret = new Set<string>()
  const set = (name: string, value: string, isSecret: boolean): void => {
    values.set(name, value)
    if (isSecret) secret.add(name)
    else secret.delete(name)
  }
  for (const { prefix = '', configMapRef, secretRef } of (container['envFrom'] ?? []) as EnvFrom[]) {
    const isSecret = configMapRef === undefined
    const ref = configMapRef ?? secretRef
    if (ref === undefined) continue
    const data = await read(isSecret ? 'secret' : 'configmap', ref.name ?? '')
    if (data === undefined && ref.optional !== true)
      throw notFound(isSecret ? 'secret' : 'configmap', ref.name)
    for (const [key, value] of Object.entries(data?.text ?? {})) set(`${prefix}${key}`, value, isSecret)
  }
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    if (value !== '') set(name, expand(value, values), false)
    else if (valueFrom === undefined) set(name, '', false)
    else {
      const source = valueFrom as ValueFrom
      const found = await sourced(source, container, facts, read)
      if (found !== undefined) set(name, found, source.secretKeyRef !== undefined)
    }
  }
  return { values, secret }
}

/** Undefined where an optional source is not there: the variable is then not set at all. */
async function sourced(
  source: ValueFrom,
  container: Container,
  facts: PodFacts,
  read: ConfigReader,
): Promise<string | undefined> {
  const { configMapKeyRef, secretKeyRef } = source
  const ref = configMapKeyRef ?? secretKeyRef
  if (ref === undefined) return downwardValue(facts, source, container)
  const kind = configMapKeyRef === undefined ? 'secret' : 'configmap'
  const data = await read(kind, ref.name ?? '')
  const value = data?.text[ref.key]
  if (value !== undefined || ref.optional === true) return value
  if (data === undefined) throw notFound(kind, ref.name)
  const noun = kind === 'secret' ? 'Secret' : 'ConfigMap'
  throw new Error(`couldn't find key ${ref.key} in ${noun} ${facts.pod.metadata.namespace}/${ref.name}`)
}
