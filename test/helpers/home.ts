import { inject } from 'vitest'
import { startEmbedded, type EmbeddedOptions } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'

/** What the clusters of one test run are; the Vitest config that runs the e2e tests says it. */
export interface Home {
  readonly mode: 'embedded' | 'envtest'
}

declare module 'vitest' {
  interface ProvidedContext {
    home: Home
  }
}

/** A process of a cluster, by a word of its command line, and what a run calls the cluster when that process is gone. */
export interface HomePart {
  readonly word: string
  readonly gone: string
}

const simulation = 'the process of controllers and nodes'
const controlPlane = 'the process of etcd and kube-apiserver'

type HomeParts = readonly [HomePart, ...HomePart[]]

const parts: Readonly<Record<Home['mode'], HomeParts>> = {
  embedded: [{ word: '/embedded/main.', gone: 'the embedded cluster' }],
  envtest: [
    { word: '/embedded/main.', gone: simulation },
    { word: '/control-plane/main.', gone: controlPlane },
    { word: '/kube-apiserver ', gone: controlPlane },
    { word: '/etcd ', gone: controlPlane },
  ],
}

export function home(): Home {
  return inject('home')
}

/** The processes that a cluster cannot do without; the first is the one that has the nodes. */
export function homeParts(): HomeParts {
  return parts[home().mode]
}

/** What a run sees of modes: this home's, where it is not the default one. */
export function homeEnvironment(): Readonly<Record<string, string>> {
  const { SEI_PARTS } = process.env
  if (home().mode === 'embedded') return {}
  return { SEI_ENVTEST: '1', ...(SEI_PARTS === undefined ? {} : { SEI_PARTS }) }
}

/** How the first line of a run names the mode. */
export function homeLine(): string {
  return home().mode === 'embedded'
    ? 'mode embedded, simulated (from default)'
    : 'mode envtest, simulated (from SEI_ENVTEST)'
}

/** What makes a `seitask` command use this home. */
export function homeArguments(): string[] {
  return home().mode === 'embedded' ? [] : ['--envtest']
}

/** A cluster of this home, without a run. */
export function startHome(options: Pick<EmbeddedOptions, 'signal'> = {}): Promise<SimulatedCluster> {
  return home().mode === 'embedded' ? startEmbedded(options) : startEnvtest(options)
}
