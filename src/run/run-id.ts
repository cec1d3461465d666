import { randomInt } from 'node:crypto'

const alphabet = 'bcdfghjkmnpqrstvwxz23456789'

/**
 * A run's id: ten characters that begin with a letter, so that it can begin a Service name and leaves room for ordinals.
 * Chain ids are made of it and are never reused: 27^9 ids make a collision within one cluster's memory implausible.
 */
export function newRunId(): string {
  let id = 'r'
  while (id.length < 10) id += alphabet.charAt(randomInt(alphabet.length))
  return id
}
