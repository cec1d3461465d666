import type { RequestOptions } from 'node:https'
import { dirname } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { SeiError, usageError } from '../errors/sei-error.ts'
import type { Connection, Credentials } from './credentials.ts'
import { unknownContext } from './plain-kubeconfig.ts'

interface File {
  readonly path: string
  readonly text: string
}

/**
 * The connection of kubeconfigs that refer to files or credential plugins. Imports `@kubernetes/client-node`: reach this
 * module only through `import()`.
 */
export async function loadWithPlugins(
  files: readonly File[],
  context: string | undefined,
  namespace: string,
): Promise<Connection & { readonly context: string }> {
  const config = merged(files)
  const name = context ?? config.getCurrentContext() ?? ''
  const known = config.getContexts().map((entry) => entry.name)
  if (!known.includes(name)) throw unknownContext(name, known)
  config.setCurrentContext(name)
  const cluster = config.getCurrentCluster()
  if (cluster === null) throw unknownContext(name, known)
  if (cluster.proxyUrl !== undefined) throw unsupported('proxy-url', name)
  if (config.getCurrentUser()?.impersonateUser !== undefined) throw unsupported('as (impersonation)', name)
  const { ca, ...credentials } = await authenticate(config)
  return {
    server: cluster.server.replace(/\/$/, ''),
    ca,
    skipTlsVerify: cluster.skipTLSVerify === true,
    serverName: cluster.tlsServerName,
    namespace,
    context: name,
    ...credentials,
    // Loaded anew: the library keeps what a plugin once answered, and files may have been replaced.
    renew: () => renew(files, name),
  }
}

async function renew(files: readonly File[], context: string): Promise<Credentials> {
  const config = merged(files)
  config.setCurrentContext(context)
  const { ca: _, ...credentials } = await authenticate(config)
  return credentials
}

/** Several files as one: what an earlier one names is not replaced by a later one. */
function merged(files: readonly File[]): KubeConfig {
  const [first = new KubeConfig(), ...others] = files.map(({ path, text }) => {
    const config = new KubeConfig()
    config.loadFromString(text)
    config.makePathsAbsolute(dirname(path))
    return config
  })
  for (const other of others) {
    if (!first.getCurrentContext() && other.getCurrentContext())
      first.setCurrentContext(other.getCurrentContext())
    for (const entry of other.getClusters()) if (isNew(first.getClusters(), entry)) first.addCluster(entry)
    for (const entry of other.getUsers()) if (isNew(first.getUsers(), entry)) first.addUser(entry)
    for (const entry of other.getContexts()) if (isNew(first.getContexts(), entry)) first.addContext(entry)
  }
  return first
}

function isNew(entries: readonly { readonly name: string }[], entry: { readonly name: string }): boolean {
  return entries.every((other) => other.name !== entry.name)
}

/** Runs the user's credential plugin, if there is one, and reads the files that are referred to. */
async function authenticate(config: KubeConfig): Promise<Credentials & { readonly ca?: string | undefined }> {
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error)
    throw new SeiError(`no credentials for context ${config.getCurrentContext()}: ${reason}`, {
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      hint: 'run a kubectl command in that context: it uses the same plugin and shows what is wrong',
      cause: error,
    })
  }
  const headers = options.headers as Readonly<Record<string, string>> | undefined
  return {
    token: headers?.['Authorization']?.replace(/^Bearer /, ''),
    clientCert: textOf(options.cert),
    clientKey: textOf(options.key),
    ca: textOf(options.ca),
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Buffer.isBuffer(value) ? value.toString() : undefined
}

function unsupported(what: string, context: string): SeiError {
  return usageError(
    [
      {
        what: `context ${context} uses ${what}, which is not supported`,
        where: 'kubeconfig',
        expected: 'a direct connection as the user itself',
        fix: 'use a context without it',
      },
    ],
    'BAD_ENVIRONMENT',
  )
}
