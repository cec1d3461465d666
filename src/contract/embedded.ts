/** How the embedded cluster's process is started: JSON in its first argument. */
export interface EmbeddedStart {
  /** Simulated milliseconds per real one. */
  readonly rate: number
  /** Real milliseconds between blocks. */
  readonly blockMs: number
  /** Folder for the kubeconfig; the process removes the file when it ends. */
  readonly stateDir: string
  /** The folder was made for this process: it is removed with the file. @default false */
  readonly temporary?: boolean | undefined
}

/** What it answers: one line of JSON on stdout, once it takes requests. */
export interface EmbeddedReady {
  readonly server: string
  /** PEM of the cluster's own authority. */
  readonly ca: string
  readonly token: string
  readonly kubeconfigPath: string
  readonly rate: number
  readonly pid: number
}
