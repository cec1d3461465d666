import { configMaps, secrets } from '../../../../contract/kinds.ts'
import type { ConfigMap, Secret } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'

export type ConfigKind = 'configmap' | 'secret'

/** Contents of a ConfigMap or Secret. */
export interface ConfigData {
  /** What becomes variables: all but the binary data of a ConfigMap. */
  readonly text: Readonly<Record<string, string>>
  /** What becomes files: everything. */
  readonly bytes: Readonly<Record<string, Buffer>>
}

/** Reads one of the pod's namespace; undefined where there is none of that name. */
export type ConfigReader = (kind: ConfigKind, name: string) => Promise<ConfigData | undefined>

/** Asks the API server anew each time: what was missing may have come. */
export function configReader(kube: KubeClient, namespace: string | undefined): ConfigReader {
  return async (kind, name) => {
    const type = kind === 'secret' ? secrets : configMaps
    const object = name === '' ? undefined : await kube.find<ConfigMap & Secret>(type, { namespace, name })
    if (object === undefined) return undefined
    const { data = {}, binaryData = {} } = object
    const own = buffers(data, kind === 'secret' ? 'base64' : 'utf8')
    const text = kind === 'secret' ? mapValues(own, String) : data
    return { text, bytes: { ...own, ...buffers(binaryData, 'base64') } }
  }
}

/** The kubelet's sentence. */
export function notFound(kind: ConfigKind, name = ''): Error {
  return new Error(`${kind} ${JSON.stringify(name)} not found`)
}

function buffers(values: Readonly<Record<string, string>>, encoding: BufferEncoding): Record<string, Buffer> {
  return mapValues(values, (value) => Buffer.from(value, encoding))
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}
