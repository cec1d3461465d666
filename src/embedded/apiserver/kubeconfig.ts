import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ConnectionInfo } from '../../kube/types.ts'

/** Writes a kubeconfig that only its owner may read (0600) into `folder`, and returns its path. */
export async function writeKubeconfig(folder: string, info: ConnectionInfo): Promise<string> {
  const path = join(folder, 'kubeconfig')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path, kubeconfigText(info), { mode: 0o600 })
  return path
}

function kubeconfigText(info: ConnectionInfo): string {
  const ca = Buffer.from(info.ca ?? '').toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
  - name: embedded
    cluster:
      server: ${info.server}
      certificate-authority-data: ${ca}
users:
  - name: kubernetes-admin
    user:
      token: ${info.token ?? ''}
contexts:
  - name: embedded
    context:
      cluster: embedded
      user: kubernetes-admin
      namespace: ${info.namespace}
current-context: embedded
`
}
