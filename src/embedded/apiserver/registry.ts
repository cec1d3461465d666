import type { Resource } from './resource-type.ts'

/** Every resource the server serves, by group, version and plural. */
export class Registry {
  readonly #resources = new Map<string, Resource>()
  #ordered: readonly Resource[] | undefined
  #generation = 0

  /** Grows with every change: documents made from the registry are cached by it. */
  get generation(): number {
    return this.#generation
  }

  add(resource: Resource): void {
    this.#resources.set(`${resource.apiVersion}/${resource.plural}`, resource)
    this.#changed()
  }

  remove(apiVersion: string, plural: string): void {
    this.#resources.delete(`${apiVersion}/${plural}`)
    this.#changed()
  }

  find(apiVersion: string, plural: string): Resource | undefined {
    return this.#resources.get(`${apiVersion}/${plural}`)
  }

  /** In the order they were added. */
  all(): readonly Resource[] {
    this.#ordered ??= [...this.#resources.values()]
    return this.#ordered
  }

  hasGroupVersion(apiVersion: string): boolean {
    return this.all().some((resource) => resource.apiVersion === apiVersion)
  }

  #changed(): void {
    this.#ordered = undefined
    this.#generation += 1
  }
}
