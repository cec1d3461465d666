import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** What `npm run parts` builds: the newest patch of the Kubernetes minor that recordings were made with, and its etcd. */
export const partVersions = { kubernetes: '1.36.3', etcd: '3.7.3' } as const

/** Programs without which there is no API server. */
export const neededParts: readonly string[] = ['etcd', 'kube-apiserver']

/** Beside them where it is there: collects garbage, empties namespaces, makes ServiceAccounts. */
export const controllerManager = 'kube-controller-manager'

/** Where `npm run parts` puts what it builds: a folder for each set of versions, below `SEI_PARTS` or the user's cache. */
export function partsFolder(env: Env): string {
  return join(partsCache(env), `kubernetes-${partVersions.kubernetes}-etcd-${partVersions.etcd}`)
}

/** Where built parts are kept for all checkouts of this user. */
export function partsCache(env: Env): string {
  const cache = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return env['SEI_PARTS'] ?? join(cache, 'vitest-environment-sei', 'parts')
}

/** Whether the folder holds a program by that name. */
export function hasPart(folder: string, name: string): boolean {
  try {
    accessSync(join(folder, name), constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder of the PATH that holds a program; undefined where none does. */
export function folderOnPath(env: Env, name: string): string | undefined {
  return (env['PATH'] ?? '').split(delimiter).find((folder) => folder !== '' && hasPart(folder, name))
}
