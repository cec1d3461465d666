import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ConnectionInfo } from './types.ts'

/** Writes a kubeconfig that only its owner may read (0600) into `folder`, and returns its path. `name` is its context's, `user` whom the token speaks for. */
export async function writeKubeconfig(
  folder: string,
  info: ConnectionInfo,
  name: string,
  user: string = 'kubernetes-admin',
): Promise<string> {
  const path = join(folder, 'kubeconfig')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path, kubeconfigText(info, name, user), { mode: 0o600 })
  return path
}

function kubeconfigText(info: ConnectionInfo, name: string, user: string): string {
  const ca = Buffer.from(info.ca ?? '').toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${info.server}
      certificate-authority-data: ${ca}
users:
  - name: ${user}
    user:
      token: ${info.token ?? ''}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${user}
      namespace: ${info.namespace}
current-context: ${name}
`
}
