import { readdirSync, readFileSync } from 'node:fs'

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

const folder = new URL('../../../../test/captures/protobuf/', import.meta.url)
const vectors = readdirSync(folder)
  .filter((file) => file in tablesByFile())
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector[])

function tablesByFile(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(messageTables).map(([group, table]) => [`${group}.json`, table]))
}

describe('reading a message', () => {
  test.each(vectors)('behavior: $message, $case', ({ message, bytes, json }) => {
    expect(readMessage(message, Buffer.from(bytes, 'base64'))).toStrictEqual(json)
  })

  test('behavior: every message of the tables has its vectors', () => {
    const listed = Object.entries(messageTables).flatMap(([group, table]) =>
      Object.keys(table).map((name) => `${group}.${name}`),
    )
    expect(listed.filter((name) => !vectors.some(({ message }) => message === name))).toEqual([])
  })
})
