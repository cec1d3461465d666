import { expect } from 'vitest'

import {
  at,
  secret,
  namesOf,
  textAt,
  type ConformanceCase,
  type Space,
} from '../../helpers/conformance-case.ts'

async function createFive({ create }: Space): Promise<void> {
  for (const name of ['c', 'a', 'e', 'b', 'd']) await create('secrets', secret(name))
}

/** §26 cases 22–28: lists and selectors. */
export const listCases: readonly ConformanceCase[] = [
  {
    number: 22,
    kind: 'behavior',
    title: 'pages come in order, count what remains and share one resourceVersion',
    async run(space) {
      await createFive(space)
      const seen: unknown[] = []
      let token = ''
      do {
        const query = `limit=2&continue=${encodeURIComponent(token)}`
        const page = await space.call('GET', `${space.path('secrets')}?${query}`)
        token = textAt(page.body, 'metadata.continue')
        if (token === 'undefined') token = ''
        seen.push([
          namesOf(page),
          at(page.body, 'metadata.remainingItemCount'),
          at(page.body, 'metadata.resourceVersion'),
        ])
      } while (token !== '')
      const [first] = seen as [[unknown, unknown, string]]
      expect(seen).toEqual([
        [['a', 'b'], 3, first[2]],
        [['c', 'd'], 1, first[2]],
        [['e'], undefined, first[2]],
      ])
    },
  },
  {
    number: 23,
    kind: 'behavior',
    title: 'what is created between pages does not appear',
    async run(space) {
      await createFive(space)
      const first = await space.call('GET', `${space.path('secrets')}?limit=2`)
      await space.create('secrets', secret('bb'))
      await space.call('DELETE', space.path('secrets', 'd'))
      const token = encodeURIComponent(textAt(first.body, 'metadata.continue'))
      const rest = await space.call('GET', `${space.path('secrets')}?continue=${token}`)
      expect(namesOf(rest)).toEqual(['c', 'd', 'e'])
    },
  },
  {
    number: 24,
    kind: 'behavior',
    title: 'label selectors choose by set, by absence and by inequality',
    async run({ call, create, path }) {
      await create('secrets', secret('one', {}, { labels: { a: 'x' } }))
      await create('secrets', secret('two', {}, { labels: { a: 'y', b: '1' } }))
      await create('secrets', secret('three', {}, { labels: { a: 'z' } }))
      await create('secrets', secret('four'))
      const select = async (selector: string): Promise<string[]> =>
        namesOf(await call('GET', `${path('secrets')}?labelSelector=${encodeURIComponent(selector)}`))
      expect(await select('a in (x,y),!b')).toEqual(['one'])
      expect(await select('a notin (x)')).toEqual(['four', 'three', 'two'])
      expect(await select('a!=x')).toEqual(['four', 'three', 'two'])
      expect(await select('a')).toEqual(['one', 'three', 'two'])
      expect(await select('a==y, b=1')).toEqual(['two'])
      const bad = await call('GET', `${path('secrets')}?labelSelector=${encodeURIComponent('a in')}`)
      expect(bad).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
    },
  },
  {
    number: 25,
    kind: 'behavior',
    title: 'field selectors choose by name; an unknown field is refused',
    async run(space) {
      await createFive(space)
      const select = (selector: string): ReturnType<Space['call']> =>
        space.call('GET', `${space.path('secrets')}?fieldSelector=${encodeURIComponent(selector)}`)
      expect(namesOf(await select('metadata.name=c'))).toEqual(['c'])
      expect(namesOf(await select('metadata.name!=c'))).toEqual(['a', 'b', 'd', 'e'])
      expect(await select('data.x=1')).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
    },
  },
  {
    number: 26,
    kind: 'error',
    title: 'a future resourceVersion times out, an unreadable one is refused',
    async run({ call, path }) {
      expect(await call('GET', `${path('secrets')}?resourceVersion=99999999999`)).toMatchObject({
        status: 504,
        body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
      })
      expect(await call('GET', `${path('secrets')}?resourceVersion=abc`)).toMatchObject({
        status: 400,
      })
    },
  },
  {
    number: 27,
    kind: 'error',
    title: 'resourceVersionMatch needs a resourceVersion',
    async run({ call, path }) {
      const query = 'resourceVersionMatch=NotOlderThan'
      expect(await call('GET', `${path('secrets')}?${query}`)).toMatchObject({
        status: 422,
        body: { reason: 'Invalid', details: { causes: [{ field: 'resourceVersionMatch' }] } },
      })
    },
  },
  {
    number: 28,
    kind: 'behavior',
    title: 'deletecollection removes what its selector matches and answers with a list',
    async run({ call, create, path }) {
      await create('secrets', secret('keep'))
      await create('secrets', secret('drop', {}, { labels: { drop: 'yes' } }))
      const answer = await call('DELETE', `${path('secrets')}?labelSelector=drop%3Dyes`)
      expect(answer).toMatchObject({ status: 200, body: { kind: 'SecretList' } })
      expect(namesOf(answer)).toEqual(['drop'])
      const left = await call('GET', `${path('secrets')}?labelSelector=drop%3Dyes`)
      expect(namesOf(left)).toEqual([])
      expect(await call('GET', path('secrets', 'keep'))).toMatchObject({ status: 200 })
    },
  },
]
