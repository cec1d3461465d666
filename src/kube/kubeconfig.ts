import { readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { usageError } from '../errors/sei-error.ts'
import type { Connection } from './credentials.ts'
import { defaultServiceAccountFolder, loadInCluster, resolveNamespace } from './in-cluster.ts'
import { readPlainKubeconfig } from './plain-kubeconfig.ts'
import { errorText } from '../errors/error-text.ts'

export interface LoadOptions {
  /** Wins over KUBECONFIG, the pod's service account and `~/.kube/config`. */
  readonly kubeconfigPath?: string | undefined
  /** @default the kubeconfig's current context */
  readonly context?: string | undefined
  /** @default POD_NAMESPACE, then the service account's namespace, then `default`; never the context's namespace */
  readonly namespace?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string | undefined
}

/** A connection, and where it was found. */
export interface LoadedConnection extends Connection {
  /** The kubeconfig's path (several joined as in KUBECONFIG) or `in-cluster`. */
  readonly source: string
  /** Name of the context in use; absent in a pod. */
  readonly context?: string | undefined
}

/**
 * Finds the cluster as kubectl's Go relatives do: the given path, KUBECONFIG (files merged, the first to name something
 * wins), the service account of the pod we run in, `~/.kube/config`. Credentials from plugins are fetched here once and
 * renewed by the client after a 401. A kubeconfig that only holds inline data is read without loading
 * `@kubernetes/client-node`, which takes a quarter of a second.
 *
 * Throws BAD_ENVIRONMENT when there is none, or when what it says is not usable; CLUSTER_UNAVAILABLE when a credential
 * plugin fails.
 */
export async function loadConnection(options: LoadOptions): Promise<LoadedConnection> {
  const folder = options.serviceAccountFolder ?? defaultServiceAccountFolder
  const namespace = await resolveNamespace(options.namespace, options.env, folder)
  const paths = kubeconfigPaths(options)
  if (paths !== undefined) return loadFiles(paths, options.context, namespace)
  if (options.env['KUBERNETES_SERVICE_HOST'] !== undefined && options.context === undefined) {
    return { ...(await loadInCluster(options.env, folder, namespace)), source: 'in-cluster' }
  }
  return loadFiles([join(homeOf(options.env), '.kube', 'config')], options.context, namespace)
}

/** Paths that were named; `undefined` leaves it to the defaults. */
function kubeconfigPaths({ kubeconfigPath, env }: LoadOptions): readonly string[] | undefined {
  if (kubeconfigPath !== undefined) return [kubeconfigPath]
  const named = env['KUBECONFIG']?.split(delimiter).filter((path) => path !== '') ?? []
  return named.length === 0 ? undefined : named
}

function homeOf(env: LoadOptions['env']): string {
  return env['HOME'] ?? env['USERPROFILE'] ?? '.'
}

async function loadFiles(
  paths: readonly string[],
  context: string | undefined,
  namespace: string,
): Promise<LoadedConnection> {
  const files: { path: string; text: string }[] = []
  for (const path of paths) {
    const text = await readIfThere(path)
    if (text !== undefined) files.push({ path, text })
  }
  const [first] = files
  if (first === undefined) throw noKubeconfig(paths)
  const source = paths.join(delimiter)
  const plain = files.length === 1 ? await readPlainKubeconfig(first.text, context, namespace) : undefined
  if (plain !== undefined) return { ...plain, source }
  const { loadWithPlugins } = await import('./plugin-kubeconfig.ts')
  return { ...(await loadWithPlugins(files, context, namespace)), source }
}

/** Like kubectl, a path of several that does not exist is passed over. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw usageError(
      [
        {
          what: `kubeconfig cannot be read: ${errorText(error)}`,
          where: path,
          expected: 'a file that this user may read',
          fix: 'correct the path or its permissions',
        },
      ],
      'BAD_ENVIRONMENT',
    )
  }
}

function noKubeconfig(paths: readonly string[]): Error {
  return usageError(
    [
      {
        what: 'no cluster is configured',
        where: paths.join(delimiter),
        expected: 'a kubeconfig, or a pod with a service account',
        fix: 'set KUBECONFIG to an existing file; `seitask cluster` starts an embedded cluster and prints one',
      },
    ],
    'BAD_ENVIRONMENT',
  )
}
