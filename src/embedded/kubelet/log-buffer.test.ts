import { describe, expect, test } from 'vitest'
import { createLogBuffer } from './log-buffer.ts'

const now = (): Date => new Date(0)

describe('a log', () => {
  test('default: lines as they came; text with ends of line is several', () => {
    const log = createLogBuffer(now)
    log.append('a\nb')
    log.append('')
    log.append('c')
    expect(log.read().map(({ text }) => text)).toEqual(['a', 'b', '', 'c'])
    expect(log.read({ tailLines: 2 }).map(({ text }) => text)).toEqual(['', 'c'])
    expect(log.read({ tailLines: 0 })).toEqual([])
  })

  test('behavior: with a size it keeps about that much of the end, whole lines of it', () => {
    const log = createLogBuffer(now, 1_000)
    for (let line = 0; line < 10_000; line += 1) log.append(String(line).padStart(9, '0'))
    const kept = log.read()
    expect(kept.length).toBeGreaterThanOrEqual(100)
    expect(kept.length).toBeLessThanOrEqual(125)
    expect(kept.at(-1)?.text).toBe('000009999')
    expect(kept[0]?.text).toMatch(/^\d{9}$/)
  })

  test('behavior: a line that is longer than all that is kept stays alone', () => {
    const log = createLogBuffer(now, 100)
    log.append('before')
    log.append('x'.repeat(1_000))
    expect(log.read().map(({ text }) => text.length)).toEqual([1_000])
    log.append('after')
    expect(log.read().map(({ text }) => text)).toEqual(['after'])
  })
})
