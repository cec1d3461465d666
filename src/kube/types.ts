import type { ObjectRef, ResourceType } from '../contract/kinds.ts'
import type { KubeList, KubeObject } from '../contract/objects.ts'
import type { Time } from '../contract/time.ts'

/** Everything needed to talk to one API server. Plain data: it crosses process boundaries as JSON. */
export interface ConnectionInfo {
  /** `https://127.0.0.1:6443`, no trailing slash. */
  readonly server: string
  /** PEM bundle that signs the server's certificate. */
  readonly ca?: string | undefined
  readonly token?: string | undefined
  readonly clientCert?: string | undefined
  readonly clientKey?: string | undefined
  readonly skipTlsVerify?: boolean | undefined
  /** Name to check the server's certificate against, when it is not that of the URL. */
  readonly serverName?: string | undefined
  /** Namespace for objects that name none. */
  readonly namespace: string
}

export interface ListOptions {
  /** Left out: every namespace. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

export interface WriteOptions {
  readonly fieldManager?: string | undefined
  readonly subresource?: 'status' | 'scale' | 'finalize' | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PatchOptions extends WriteOptions {
  readonly type: 'merge' | 'json' | 'strategic'
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string
  /** @default true */
  readonly force?: boolean | undefined
}

export interface DeleteOptions {
  /** Deletes only the object of this uid; another one by that name answers 409. */
  readonly uid?: string | undefined
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined
  readonly gracePeriodSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface LogOptions {
  readonly container?: string | undefined
  readonly previous?: boolean | undefined
  readonly tailLines?: number | undefined
  readonly limitBytes?: number | undefined
  readonly timestamps?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Typed verbs on plain objects. Every method throws SeiError KUBE_REQUEST with `details.status` (the Status body). */
export interface KubeClient {
  readonly info: ConnectionInfo
  get<T extends KubeObject>(type: ResourceType, ref: ObjectRef): Promise<T>
  /** Like `get`, but not-found is `undefined`. */
  find<T extends KubeObject>(type: ResourceType, ref: ObjectRef): Promise<T | undefined>
  /** All pages, as one list. */
  list<T extends KubeObject>(type: ResourceType, options?: ListOptions): Promise<KubeList<T>>
  create<T extends KubeObject>(type: ResourceType, object: T, options?: WriteOptions): Promise<T>
  replace<T extends KubeObject>(type: ResourceType, object: T, options?: WriteOptions): Promise<T>
  patch<T extends KubeObject>(
    type: ResourceType,
    ref: ObjectRef,
    body: unknown,
    options: PatchOptions,
  ): Promise<T>
  /** Server-side apply. */
  apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions): Promise<T>
  /** Resolves to the object still there (finalizers, grace), or `undefined` once gone. Not-found is success. */
  delete<T extends KubeObject>(
    type: ResourceType,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<T | undefined>
  /** One watch per (type, options), shared by all callers; it ends when the last of them closes it. */
  watch<T extends KubeObject>(type: ResourceType, options?: ListOptions): Watch<T>
  logs(ref: ObjectRef, options?: LogOptions): Promise<string>
  /** Raw request for what has no verb here; `path` begins with `/`. Throws like the others. */
  request<T>(method: string, path: string, options?: RawOptions): Promise<T>
  /** Ends every watch and connection. */
  close(): Promise<void>
}

export interface RawOptions {
  readonly body?: unknown
  readonly contentType?: string | undefined
  readonly accept?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export type WatchEvent<T> = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }

/**
 * A cache kept current by a resumable watch. Survives 410 (relists and reports the difference), resets, stalled streams
 * (no byte for longer than the bookmark interval), 429 and 5xx with back-off.
 */
export interface Watch<T extends KubeObject> {
  /** Resolves when the cache holds the first list; rejects if that is refused for good (401, 403, 404 of the type). */
  readonly ready: Promise<void>
  /** Current objects. Treat them as frozen: they are shared. */
  items(): readonly T[]
  get(ref: ObjectRef): T | undefined
  /** Calls back for each change from now on, and first with ADDED for what is there. Returns the way to stop. */
  subscribe(listener: (event: WatchEvent<T>) => void): () => void
  /**
   * Resolves to the first defined value of `predicate`, asked once the first list is there and after each change.
   * Throws WAIT_TIMEOUT after `timeoutMs`, RUN_CANCELLED on `signal`.
   */
  waitFor<R>(
    predicate: (items: readonly T[]) => R | undefined,
    options?: { timeoutMs?: number; signal?: AbortSignal; description?: string; time?: Time },
  ): Promise<R>
  close(): void
}
