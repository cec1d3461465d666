import type { AnyTaskKind, Era } from './crds/eras.ts'
import type { WireError } from './lease.ts'

/** Where a simulated cluster's time comes from. */
export const clockKinds = ['real', 'virtual'] as const
export type ClockKind = (typeof clockKinds)[number]

/** By image, whole or without tag and digest: the command that stands for it where a pod runs for real. */
export type ImageCommands = Readonly<Record<string, readonly string[]>>

/** How the embedded cluster's process is started: JSON in its first argument. */
export interface EmbeddedStart {
  /** Simulated milliseconds per real one. */
  readonly rate: number
  /** Real milliseconds between blocks. */
  readonly blockMs: number
  /** `virtual`: idle time is leapt over while somebody waits for it to pass. @default real */
  readonly clock?: ClockKind | undefined
  /** Folder for the kubeconfig; the process removes the file when it ends. */
  readonly stateDir: string
  /** The folder was made for this process: it is removed with the file. @default false */
  readonly temporary?: boolean | undefined
  /** An API server that runs already; its kubeconfig is its owner's to remove. @default one of the process's own */
  readonly apiServer?: ApiServerDoor | undefined
  /** Which definitions are installed, and what controllers and sidecars are like. @default head */
  readonly era?: Era | undefined
  /** Folder whose definitions are installed in place of the era's. */
  readonly definitions?: string | undefined
  /** Kinds of SeiNodeTask that the controller knows: one that is older than the definitions. @default those of the era */
  readonly taskKinds?: readonly AnyTaskKind[] | undefined
  /** What further images stand for on this machine. @default none */
  readonly images?: ImageCommands | undefined
  /**
   * Controllers and admission of Chaos Mesh. Switch them off beside the real ones; its definitions are installed all the same.
   * @default true
   */
  readonly chaosMesh?: boolean | undefined
  /** Beside a kube-controller-manager, which does that: no garbage collection, no emptying of namespaces. @default false */
  readonly managed?: boolean | undefined
}

/** How an administrator gets into an API server. */
export interface ApiServerDoor {
  readonly server: string
  /** PEM of the cluster's own authority. */
  readonly ca: string
  readonly token: string
  readonly kubeconfigPath: string
}

/** What it answers when it cannot serve what it was given: one line of JSON on stdout. */
export interface EmbeddedRefusal {
  readonly refused: WireError
}

/** What it answers: one line of JSON on stdout, once it takes requests. */
export interface EmbeddedReady extends ApiServerDoor {
  readonly rate: number
  /** Door of the virtual clock. */
  readonly clockUrl?: string | undefined
  readonly pid: number
}

/** How the process of a real API server is started: JSON in its first argument. */
export interface ControlPlaneStart {
  /** Folder that holds etcd and kube-apiserver. */
  readonly programs: string
  /** Folder for data, keys and kubeconfig; the process removes it when it ends. */
  readonly stateDir: string
}

/** What it answers: one line of JSON on stdout, once the API server is ready. */
export interface ControlPlaneReady extends ApiServerDoor {
  readonly pid: number
}

/** Told once the Sei kinds are served: a kube-controller-manager takes notice of kinds that come later only after 30 s. */
export const startControllerManager = 'start kube-controller-manager'
