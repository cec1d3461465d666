import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunEvent } from '../contract/progress.ts'
import { Feed } from './feed.ts'

test('default: events go to the file and to listeners, also those that came before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sei-feed-'))
  const file = join(folder, 'events.jsonl')
  const feed = new Feed('r1', () => {})
  feed.emit({ type: 'notice', message: 'early' })
  feed.recordTo(file)
  feed.emit({ type: 'notice', message: 'late' })
  const heard: RunEvent[] = []
  feed.subscribe((event) => heard.push(event))
  expect(heard).toMatchObject([{ message: 'early' }, { message: 'late' }])
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as RunEvent)).toEqual(heard)
  rmSync(folder, { recursive: true })
})

test('error: a file that can no longer be written is told once; events still reach listeners', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sei-feed-'))
  const told: string[] = []
  const feed = new Feed('r1', (why) => told.push(why))
  feed.recordTo(join(folder, 'events.jsonl'))
  rmSync(folder, { recursive: true })
  const heard: RunEvent[] = []
  feed.subscribe((event) => heard.push(event))
  feed.emit({ type: 'notice', message: 'one' })
  feed.emit({ type: 'notice', message: 'two' })
  expect(told).toEqual([expect.stringMatching(/^events\.jsonl ends here: ENOENT/)])
  expect(heard).toHaveLength(2)
})
