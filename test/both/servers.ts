import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import { partVersions } from '../../src/clusters/parts.ts'

/** The two clusters that every test of this run compares. */
export interface Servers {
  readonly embedded: string
  readonly real: string
  /** How the report calls the real one. */
  readonly realName: string
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: Servers
  }
}

/** Starts a whole cluster on each of the servers, once for all files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clusters = await Promise.all([startEmbedded(), startEnvtest()])
  const [embedded, real] = clusters.map(({ kubeconfigPath }) => kubeconfigPath)
  if (embedded === undefined || real === undefined) throw new Error('two clusters have two kubeconfigs')
  project.provide('servers', { embedded, real, realName: `kube-apiserver ${partVersions.kubernetes}` })
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.close()))
  }
}
