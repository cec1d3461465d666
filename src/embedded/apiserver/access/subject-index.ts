import { keyOf, listAt, stringAt, type ApiObject } from '../object.ts'
import type { Collection } from '../store.ts'
import { accountOf, type User } from './user.ts'

export interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
}

/** A binding, and the subject in it that is meant. */
export interface Grant {
  readonly binding: ApiObject
  readonly subject: Subject
  /** Where it stands among the binding's subjects. */
  readonly position: number
}

/** The bindings of a collection by those they are for, kept current with it: a request looks its own up, and no others. */
export class SubjectIndex {
  /** By namespace and subject, then by the binding's key. */
  readonly #grants = new Map<string, Map<string, Grant>>()

  constructor(bindings: Collection) {
    for (const binding of bindings.list()) this.#add(binding)
    bindings.listen(({ type, object, previous }) => {
      if (previous !== undefined) this.#remove(previous)
      if (type !== 'DELETED') this.#add(object)
    })
  }

  /** What is for this user, by the bindings' names. */
  of(user: User, namespace: string): Grant[] {
    const found = new Map<string, Grant>()
    for (const key of keysOf(user, namespace)) {
      for (const [name, grant] of this.#grants.get(key) ?? []) {
        const other = found.get(name)
        if (other === undefined || grant.position < other.position) found.set(name, grant)
      }
    }
    if (found.size < 2) return [...found.values()]
    return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant)
  }

  #add(binding: ApiObject): void {
    const subjects = subjectsOf(binding)
    // From the last to the first: where one stands twice, the first counts.
    for (let position = subjects.length - 1; position >= 0; position -= 1) {
      const subject = subjects[position]
      const key = subject === undefined ? undefined : keyOfSubject(subject, binding.metadata.namespace ?? '')
      if (subject === undefined || key === undefined) continue
      const grants = this.#grants.get(key) ?? new Map<string, Grant>()
      this.#grants.set(key, grants.set(keyOf(binding), { binding, subject, position }))
    }
  }

  #remove(binding: ApiObject): void {
    for (const subject of subjectsOf(binding)) {
      const key = keyOfSubject(subject, binding.metadata.namespace ?? '') ?? ''
      const grants = this.#grants.get(key)
      grants?.delete(keyOf(binding))
      if (grants?.size === 0) this.#grants.delete(key)
    }
  }
}

function subjectsOf(binding: ApiObject): Subject[] {
  return listAt(binding, 'subjects').map((subject) => ({
    kind: stringAt(subject, 'kind') ?? '',
    name: stringAt(subject, 'name') ?? '',
    namespace: stringAt(subject, 'namespace'),
  }))
}

/** An account without a namespace is one of the binding's own; a ClusterRoleBinding has none. */
function keyOfSubject(subject: Subject, namespace: string): string | undefined {
  if (subject.kind !== 'ServiceAccount') return `${namespace} ${subject.kind} ${subject.name}`
  const home = subject.namespace ?? namespace
  return home === '' ? undefined : `${namespace} ServiceAccount ${home}/${subject.name}`
}

function keysOf({ username, groups }: User, namespace: string): string[] {
  const account = accountOf(username)
  const keys = [`${namespace} User ${username}`]
  for (const group of groups) keys.push(`${namespace} Group ${group}`)
  if (account !== undefined) keys.push(`${namespace} ServiceAccount ${account.namespace}/${account.name}`)
  return keys
}
