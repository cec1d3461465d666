import { secrets as secretKind } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { createRedactor, type Redactor } from '../../evidence/redact.ts'
import type { KubeClient } from '../../kube/types.ts'

interface Secret extends KubeObject {
  readonly data?: Record<string, string>
}

/** What must not be in a report: known by value from the Secrets that belong to the Workflow, by looks where they cannot be read. */
export class RunSecrets {
  readonly #kube: KubeClient
  readonly #namespace: string
  readonly #values: Set<string>
  #redactor: Redactor

  constructor(kube: KubeClient, namespace: string, known: readonly string[] = []) {
    this.#kube = kube
    this.#namespace = namespace
    this.#values = new Set(known)
    this.#redactor = createRedactor(known)
  }

  get redactor(): Redactor {
    return this.#redactor
  }

  get values(): readonly string[] {
    return [...this.#values]
  }

  /** Reads the Secrets that a step may have made by now. An account that may not read them has none to give away by value. */
  async learn(workflowUid: string | undefined, signal: AbortSignal): Promise<void> {
    const before = this.#values.size
    for (const { data = {} } of await this.#owned(workflowUid, signal)) {
      for (const [name, value] of Object.entries(data)) {
        // An address is no secret: it stands in every log.
        if (name !== 'address') this.#values.add(Buffer.from(value, 'base64').toString('utf8'))
      }
    }
    if (this.#values.size > before) this.#redactor = createRedactor(this.values)
  }

  async #owned(workflowUid: string | undefined, signal: AbortSignal): Promise<Secret[]> {
    if (workflowUid === undefined || signal.aborted) return []
    try {
      const { items } = await this.#kube.list<Secret>(secretKind, { namespace: this.#namespace })
      return items.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === workflowUid))
    } catch {
      return []
    }
  }
}
