import { randomInt } from 'node:crypto'

import { keyFor, type ApiObject } from '../object.ts'
import type { Resource } from '../resource-type.ts'
import { qualifiedPlural } from '../resource.ts'
import { detailsOf, StatusError } from '../status-error.ts'

/** Without vowels and look-alikes, so that no words arise. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
const baseLength = 63 - suffixLength
const attempts = 8

/** A free name from `metadata.generateName`. Throws 409 when none was found in 8 attempts. */
export function generateName(resource: Resource, draft: ApiObject): string {
  const { generateName: base = '', namespace } = draft.metadata
  let name = ''
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    name = `${base.slice(0, baseLength)}${randomSuffix()}`
    if (resource.collection.get(keyFor(namespace, name)) === undefined) return name
  }
  const message = `${qualifiedPlural(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`
  throw new StatusError(409, 'AlreadyExists', message, {
    ...detailsOf(resource, name),
    retryAfterSeconds: 1,
  })
}

/** What generated names end in. */
export function randomSuffix(): string {
  let suffix = ''
  while (suffix.length < suffixLength) suffix += alphabet[randomInt(alphabet.length)] ?? ''
  return suffix
}
