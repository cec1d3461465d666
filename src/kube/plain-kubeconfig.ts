import { usageError } from '../errors/sei-error.ts'
import type { SeiError } from '../errors/sei-error.ts'
import type { ConnectionInfo } from './types.ts'
import { errorText } from '../errors/error-text.ts'

/** A kubeconfig's entries, as far as they are read here. */
interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster?: Entry }[]
  readonly users?: readonly { readonly name: string; readonly user?: Entry }[]
  readonly contexts?: readonly {
    readonly name: string
    readonly context?: { readonly cluster?: string; readonly user?: string }
  }[]
  readonly 'current-context'?: string
}

type Entry = Readonly<Record<string, unknown>>

/** What can be read without a plugin, a second file or a proxy. */
const plainCluster: ReadonlySet<string> = new Set([
  'server',
  'certificate-authority-data',
  'insecure-skip-tls-verify',
])
const plainUser: ReadonlySet<string> = new Set(['token', 'client-certificate-data', 'client-key-data'])

export interface PlainConnection extends ConnectionInfo {
  readonly context: string
}

/**
 * The connection of a kubeconfig that holds everything inline, as the embedded cluster writes it; `undefined` when it
 * needs more (plugins, files, a proxy). Throws BAD_ENVIRONMENT when the text is no kubeconfig or lacks the context.
 */
export async function readPlainKubeconfig(
  text: string,
  context: string | undefined,
  namespace: string,
): Promise<PlainConnection | undefined> {
  const config = await parse(text)
  const name = context ?? config['current-context'] ?? ''
  const chosen = config.contexts?.find((entry) => entry.name === name)?.context
  if (chosen === undefined) throw unknownContext(name, config.contexts?.map((entry) => entry.name) ?? [])
  const cluster = config.clusters?.find((entry) => entry.name === chosen.cluster)?.cluster ?? {}
  const user = config.users?.find((entry) => entry.name === chosen.user)?.user ?? {}
  if (!only(cluster, plainCluster) || !only(user, plainUser) || typeof cluster['server'] !== 'string') {
    return undefined
  }
  return {
    server: cluster['server'].replace(/\/$/, ''),
    ca: decode(cluster['certificate-authority-data']),
    skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    token: typeof user['token'] === 'string' && user['token'] !== '' ? user['token'] : undefined,
    clientCert: decode(user['client-certificate-data']),
    clientKey: decode(user['client-key-data']),
    namespace,
    context: name,
  }
}

/** A context that no kubeconfig has. */
export function unknownContext(name: string, known: readonly string[]): SeiError {
  const what = name === '' ? 'no current context is set' : `context ${JSON.stringify(name)} does not exist`
  const list = known.length === 0 ? 'a kubeconfig with contexts' : `one of ${known.join(', ')}`
  const fix = 'name an existing context, or `kubectl config use-context`'
  return usageError([{ what, where: 'kubeconfig', expected: list, fix }], 'BAD_ENVIRONMENT')
}

async function parse(text: string): Promise<Kubeconfig> {
  const { parse: parseYaml } = await import('yaml')
  let reason = 'it is no map'
  try {
    const config: unknown = parseYaml(text)
    if (typeof config === 'object' && config !== null) return config
  } catch (error) {
    reason = errorText(error)
  }
  throw usageError(
    [
      {
        what: `the kubeconfig cannot be parsed: ${reason}`,
        where: 'kubeconfig',
        expected: 'a kubeconfig in YAML or JSON',
        fix: 'correct the file; `kubectl config view` shows what is wrong with it',
      },
    ],
    'BAD_ENVIRONMENT',
  )
}

function only(entry: Entry, known: ReadonlySet<string>): boolean {
  return Object.keys(entry).every((key) => known.has(key))
}

function decode(data: unknown): string | undefined {
  return typeof data === 'string' && data !== '' ? Buffer.from(data, 'base64').toString() : undefined
}
