import { createHash } from 'node:crypto'
import { maxTemplateName } from './check-template.ts'

/** Hands out names of templates that a Workflow does not have yet. */
export class TemplateNames {
  readonly #taken: Set<string>

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** `gate-vote`; a name that would be too long is cut and ends with a part of its hash, one that is taken gets a number. */
  fresh(prefix: string, base: string): string {
    const wished = `${prefix}-${base}`
    for (let count = 1; ; count++) {
      const name = fitted(count === 1 ? wished : `${wished}-${count}`)
      if (this.#taken.has(name)) continue
      this.#taken.add(name)
      return name
    }
  }
}

function fitted(name: string): string {
  if (name.length <= maxTemplateName) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.slice(0, maxTemplateName - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}
