import type { Place } from '../../contract/kinds.ts'
import { createRedactor, type Redactor } from '../../evidence/redact.ts'
import { readRunSecrets } from '../../evidence/report/run-secrets.ts'
import type { KubeClient } from '../../kube/types.ts'

/** What must not be in a report: what the caller knows, and what the steps put into Secrets of their own. */
export class RunSecrets {
  readonly redactor: Redactor
  readonly #kube: KubeClient
  readonly #known: Set<string>

  /** `known` grows with what is learned. */
  constructor(kube: KubeClient, known: Set<string>) {
    this.#kube = kube
    this.#known = known
    this.redactor = createRedactor([...known])
  }

  get values(): readonly string[] {
    return [...this.#known]
  }

  /** Reads the Secrets that a step may have made by now. Never rejects. */
  async learn(
    workflow: Place & { readonly uid?: string | undefined },
    vars: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const found = await readRunSecrets(this.#kube, workflow, vars)
    const fresh = found.filter((value) => !this.#known.has(value))
    if (fresh.length === 0) return
    for (const value of fresh) this.#known.add(value)
    this.redactor.learn(fresh)
  }
}
