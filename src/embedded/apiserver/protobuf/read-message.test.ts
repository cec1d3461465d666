import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { messageTables } from './message-tables.ts'
import { readMessage } from './read-message.ts'

/** What the Go encoder wrote of one message, and the JSON that Go makes of these bytes. */
interface Vector {
  readonly message: string
  readonly case: 'zero' | 'full' | 'pointers'
  /** Base64. */
  readonly bytes: string
  readonly json: unknown
}

const vectors = Object.keys(messageTables).flatMap((group) => {
  const file = new URL(`../../../../test/captures/protobuf/${group}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Vector[]
})

describe('reading a message', () => {
  test.each(vectors)('behavior: $message, $case', ({ message, bytes, json }) => {
    expect(readMessage(message, Buffer.from(bytes, 'base64'))).toStrictEqual(json)
  })

  test('behavior: every message of the tables has its vectors', () => {
    const listed = Object.entries(messageTables).flatMap(([group, table]) =>
      Object.keys(table).map((name) => `${group}.${name}`),
    )
    const covered = new Set(vectors.map(({ message }) => message))
    expect(listed.filter((name) => !covered.has(name))).toEqual([])
  })
})
