import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathOf, serviceAccounts } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { writeKubeconfig } from '../../../../kube/write-kubeconfig.ts'
import { accountOf } from './pod-facts.ts'

/** Where a container finds what it speaks for. */
export const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Seconds; API servers that extend the life of mounted tokens know them by this one. */
const lifeSeconds = 3607

/**
 * A new token of the pod's ServiceAccount, bound to the pod: it ends with it. Throws with the kubelet's sentence where there is
 * no such account.
 */
export async function requestToken(kube: KubeClient, pod: Pod, audience?: string): Promise<string> {
  const { name, namespace, uid } = pod.metadata
  const account = accountOf(pod)
  // Only a pod whose spec names the account can have its tokens bound to it.
  const bound = pod.spec['serviceAccountName'] === account
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: audience === undefined ? [] : [audience],
      expirationSeconds: lifeSeconds,
      ...(bound ? { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } } : {}),
    },
  }
  const path = pathOf(serviceAccounts, { namespace, name: account, subresource: 'token' })
  try {
    const { status } = await kube.request<{ status: { token: string } }>('POST', path, { body })
    return status.token
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new Error(`failed to fetch token: serviceaccounts ${JSON.stringify(account)} not found`, {
      cause: error,
    })
  }
}

/**
 * Writes the files that a pod finds at `accountFolder`, with a kubeconfig beside them. Returns the kubeconfig's path.
 */
export async function writeIdentity(folder: string, kube: KubeClient, pod: Pod): Promise<string> {
  const { server, ca = '' } = kube.info
  const { namespace = 'default' } = pod.metadata
  const token = await requestToken(kube, pod)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files = { token, 'ca.crt': ca, namespace }
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })),
  )
  return writeKubeconfig(folder, { server, ca, token, namespace }, 'in-cluster', accountOf(pod))
}
