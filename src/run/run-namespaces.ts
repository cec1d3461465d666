import { apiVersionOf, namespaces } from '../contract/kinds.ts'
import { fieldManagers, labels } from '../contract/labels.ts'
import type { KubeObject } from '../contract/objects.ts'
import { SeiError } from '../errors/sei-error.ts'
import type { KubeClient } from '../kube/types.ts'
import type { Ledger } from './ledger.ts'
import type { RunAccounts } from './run-accounts.ts'
import type { RunClosures } from './run-closures.ts'
import { errorText } from '../errors/error-text.ts'

export interface RunNamespacesOptions {
  readonly kube: KubeClient
  readonly run: string
  readonly ledger: Ledger
  readonly accounts: RunAccounts
  readonly closures: RunClosures
  readonly simulated: boolean
  /** The namespace that objects go to by default: taken to exist. */
  readonly home: string
}

/** Namespaces a run needs beside its own. On a simulated cluster it makes them; on a real one they must exist. */
export class RunNamespaces {
  readonly #options: RunNamespacesOptions
  readonly #ensured = new Map<string, Promise<void>>()
  readonly #made = new Map<string, string>()
  /** Asked for, and not heard of: they may have been made all the same. */
  readonly #unheard = new Set<string>()

  constructor(options: RunNamespacesOptions) {
    this.#options = options
    options.closures.include(options.home)
  }

  /** Throws PREFLIGHT_FAILED where the namespace is missing and is not the run's to make. */
  ensure(name: string): Promise<void> {
    // Before anything is sent: a request whose answer was lost may have created something.
    this.#options.closures.include(name)
    if (name === this.#options.home) return Promise.resolve()
    const known = this.#ensured.get(name) ?? this.#ensure(name)
    this.#ensured.set(name, known)
    return known
  }

  /** Deletes those that the run made and waits until they are gone; what stays is put on the account. */
  async deleteAll(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#unheard].map((name) => this.#lookFor(name)))
    await Promise.all([...this.#made].map(([name, uid]) => this.#delete(name, uid, timeoutMs)))
  }

  async #ensure(name: string): Promise<void> {
    const { kube, run, ledger, simulated } = this.#options
    if ((await kube.find<KubeObject>(namespaces, { name })) !== undefined) return
    if (!simulated) {
      throw new SeiError(`namespace ${name} does not exist`, {
        class: 'infra',
        code: 'PREFLIGHT_FAILED',
        hint: `create it, with the rights this run has elsewhere: kubectl create namespace ${name}`,
      })
    }
    ledger.intend(namespaces.kind, { name })
    this.#unheard.add(name)
    const made = await kube.apply<KubeObject>(
      namespaces,
      {
        apiVersion: apiVersionOf(namespaces),
        kind: namespaces.kind,
        metadata: { name, labels: { [labels.harnessRun]: run } },
      },
      { fieldManager: fieldManagers.harness },
    )
    this.#keep(made)
  }

  #keep({ metadata: { name, uid = '' } }: KubeObject): void {
    this.#options.ledger.created(namespaces.kind, { name }, uid)
    this.#options.accounts.existed([{ kind: namespaces.kind, name, uid }])
    this.#made.set(name, uid)
    this.#unheard.delete(name)
  }

  async #lookFor(name: string): Promise<void> {
    const { kube, run, accounts } = this.#options
    try {
      const found = await kube.find<KubeObject>(namespaces, { name })
      if (found?.metadata.labels?.[labels.harnessRun] === run) this.#keep(found)
      else this.#unheard.delete(name)
    } catch (error) {
      accounts.leftNamespace(name, undefined, errorText(error))
    }
  }

  async #delete(name: string, uid: string, timeoutMs: number): Promise<void> {
    const { kube, ledger, accounts } = this.#options
    const watch = kube.watch<KubeObject>(namespaces)
    try {
      await kube.delete(namespaces, { name }, { uid })
      await watch.waitFor((items) => (items.some((one) => one.metadata.uid === uid) ? undefined : true), {
        timeoutMs,
        description: `namespace ${name} to be gone`,
      })
      ledger.deleted(namespaces.kind, { name })
      this.#made.delete(name)
      this.#ensured.delete(name)
    } catch (error) {
      accounts.leftNamespace(name, uid, errorText(error))
    } finally {
      watch.close()
    }
  }
}
