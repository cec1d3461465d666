import { expect } from 'vitest'

import { revisionOf, textAt, widget, type ConformanceCase } from '../../helpers/conformance-case.ts'

const big = '9007199254740993'
const yaml = { accept: 'application/yaml' }

/** A Widget with a number that JavaScript cannot hold, as text. */
function withNumber(value: string): string {
  return JSON.stringify(widget('a', { free: { n: 0 } })).replace('"n":0', `"n":${value}`)
}

/** What clients written in other languages rely on. */
export const clientCases: readonly ConformanceCase[] = [
  {
    number: 61,
    kind: 'behavior',
    title: 'integers of 64 bits keep all of them, whichever way they are written',
    async run({ call, path }) {
      const shown = async (): Promise<unknown> => (await call('GET', path('widgets', 'a'), yaml)).body
      expect(await call('POST', path('widgets'), { body: withNumber(big) })).toMatchObject({ status: 201 })
      expect(await shown()).toContain(`n: ${big}\n`)
      const patch = '{"spec":{"free":{"n":-9223372036854775808}}}'
      await call('PATCH', path('widgets', 'a'), { body: patch, type: 'application/merge-patch+json' })
      expect(await shown()).toContain('n: -9223372036854775808\n')
      const apply = `${path('widgets', 'a')}?fieldManager=m&force=true`
      const type = 'application/apply-patch+yaml'
      const first = await call('PATCH', apply, { body: withNumber('9223372036854775807'), type })
      expect(await shown()).toContain('n: 9223372036854775807\n')
      const again = await call('PATCH', apply, { body: withNumber('9223372036854775807'), type })
      expect(revisionOf(again.body)).toBe(revisionOf(first.body))
      expect(textAt(again.body, 'spec.kind')).toBe('k')
    },
  },
]
