import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { usageError } from '../errors/sei-error.ts'
import type { Connection, Credentials } from './credentials.ts'
import { errorText } from '../errors/error-text.ts'

export const defaultServiceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The kubelet replaces the token in place well before it expires: client-go, too, reads it anew every minute. */
const tokenLifeMs = 90_000

type Env = Readonly<Record<string, string | undefined>>

/** Namespace for objects that name none: explicit, POD_NAMESPACE, the service account's, else `default`. */
export async function resolveNamespace(
  explicit: string | undefined,
  env: Env,
  folder: string = defaultServiceAccountFolder,
): Promise<string> {
  const named = explicit || env['POD_NAMESPACE']
  if (named !== undefined && named !== '') return named
  const file = await readFile(join(folder, 'namespace'), 'utf8').catch(() => '')
  return file.trim() || 'default'
}

/** The connection of the pod we run in. Throws BAD_ENVIRONMENT when it has no service account token. */
export async function loadInCluster(env: Env, folder: string, namespace: string): Promise<Connection> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  const renew = async (): Promise<Credentials> => {
    const token = (await readFile(join(folder, 'token'), 'utf8')).trim()
    return { token, expiresAt: Date.now() + tokenLifeMs }
  }
  try {
    const [ca, credentials] = await Promise.all([readFile(join(folder, 'ca.crt'), 'utf8'), renew()])
    const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
    return { server, ca, namespace, ...credentials, renew }
  } catch (error) {
    throw usageError(
      [
        {
          what: `the pod’s service account cannot be read: ${errorText(error)}`,
          where: folder,
          expected: 'files token and ca.crt',
          fix: 'set automountServiceAccountToken on the pod, or KUBECONFIG to a kubeconfig',
        },
      ],
      'BAD_ENVIRONMENT',
    )
  }
}
