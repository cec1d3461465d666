import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'

/** The two clusters that every test of this run compares. */
export interface Servers {
  readonly embedded: string
  readonly real: string
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
  project.provide('servers', { embedded, real })
  // For the table of cases, which `npm test` holds against the embedded server alone.
  process.env['SEI_CONFORMANCE_KUBECONFIG'] = real
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.close()))
  }
}
