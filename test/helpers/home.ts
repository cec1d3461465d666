import { inject } from 'vitest'
import { startEmbedded, type EmbeddedOptions } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'

/** What the clusters of one test run are; the Vitest config that runs the e2e tests says it. */
export interface Home {
  readonly mode: 'embedded' | 'envtest'
  /** Absolute path of a folder with definitions that are installed in place of ours. */
  readonly definitions?: string
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

/** What a run sees of modes and definitions: this home's, where they are not the default. */
export function homeEnvironment(): Readonly<Record<string, string>> {
  const { mode, definitions } = home()
  const { SEI_PARTS } = process.env
  return {
    ...(definitions === undefined ? {} : { SEI_DEFINITIONS: definitions }),
    ...(mode === 'embedded' ? {} : { SEI_ENVTEST: '1' }),
    ...(mode === 'embedded' || SEI_PARTS === undefined ? {} : { SEI_PARTS }),
  }
}

/** How the first line of a run names the mode. */
export function homeLine(): string {
  return home().mode === 'embedded'
    ? 'mode embedded, simulated (from default)'
    : 'mode envtest, simulated (from SEI_ENVTEST)'
}

/** What makes a `seitask` command use this home. */
export function homeArguments(): string[] {
  const { mode, definitions } = home()
  return [
    ...(mode === 'embedded' ? [] : ['--envtest']),
    ...(definitions === undefined ? [] : ['--definitions', definitions]),
  ]
}

/** A cluster of this home, without a run. */
export function startHome(
  given: Pick<EmbeddedOptions, 'signal' | 'definitions' | 'rate' | 'taskKinds' | 'images'> = {},
): Promise<SimulatedCluster> {
  const { mode, definitions } = home()
  const options = { definitions, ...given }
  return mode === 'embedded' ? startEmbedded(options) : startEnvtest(options)
}
