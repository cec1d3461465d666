import type { Wall } from '../wall.ts'
import type { Access } from './access/access.ts'
import type { Admission } from './admission/admission.ts'
import type { Registry } from './registry.ts'
import type { Store } from './store.ts'

/** What every handler shares. */
export interface ServerContext {
  readonly store: Store
  readonly registry: Registry
  readonly access: Access
  readonly admission: Admission
  /** What the server shows kubelets: who asks for a log has been judged by then. */
  readonly kubeletToken: string
  now(): Date
  /** Held while a request is open. */
  readonly wall: Wall
  /** Real milliseconds between bookmarks on a watch that allows them. */
  readonly bookmarkIntervalMs: number
  /** Bytes a slow watcher may lag behind before its watch is closed. */
  readonly watchBufferBytes: number
}
