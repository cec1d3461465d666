import { expect, test } from 'vitest'

import type { ApiObject } from '../object.ts'
import { Store } from '../store.ts'
import { expireEvents } from './event-expiry.ts'

function event(name: string): ApiObject {
  return { apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'ns' } }
}

test('behavior: an Event goes an hour after it was last written', async () => {
  const events = new Store().collection('events')
  let minutes = 0
  expireEvents(events, () => new Date(minutes * 60_000))
  const names = async (): Promise<string[]> => {
    await Promise.resolve()
    return events.list().map(({ metadata }) => metadata.name)
  }
  events.put(event('a'))
  events.put(event('b'))
  minutes = 30
  events.put(event('a'))
  minutes = 61
  events.put(event('c'))
  expect(await names()).toEqual(['a', 'c'])
  minutes = 91
  events.put(event('d'))
  expect(await names()).toEqual(['c', 'd'])
})
