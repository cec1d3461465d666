import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ConnectionInfo } from './types.ts'

/** Writes a kubeconfig that only its owner may read (0600) into `folder`, and returns its path. `name` is its context's. */
export async function writeKubeconfig(folder: string, info: ConnectionInfo, name: string): Promise<string> {
  const path = join(folder, 'kubeconfig')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path, kubeconfigText(info, name), { mode: 0o600 })
  return path
}

function kubeconfigText(info: ConnectionInfo, name: string): string {
  const ca = Buffer.from(info.ca ?? '').toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${info.server}
      certificate-authority-data: ${ca}
users:
  - name: kubernetes-admin
    user:
      token: ${info.token ?? ''}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: kubernetes-admin
      namespace: ${info.namespace}
current-context: ${name}
`
}
