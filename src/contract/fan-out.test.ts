import { expect, test } from 'vitest'
import { fanOut } from './fan-out.ts'
import { quorum } from './tasks.ts'

const nodes = ['a', 'b', 'c'].map((name) => ({ name, namespace: 'ns' }))

test('default: every node has to succeed', async () => {
  expect(await fanOut(nodes, async ({ name }) => name.toUpperCase())).toMatchObject({
    met: true,
    required: 3,
  })
  const outcome = await fanOut(nodes, async ({ name }) => {
    if (name === 'b') throw new Error('no')
    return name
  })
  expect(outcome).toMatchObject({ met: false, failed: [{ node: 'b', error: { message: 'no' } }] })
  expect(outcome.succeeded.map(({ node }) => node)).toEqual(['a', 'c'])
})

test.for([
  ['best-effort', true, ['best-effort', 3]],
  ['a quorum that is there', true, [quorum(1), 2]],
  ['a quorum that is not', false, [quorum(2), 2]],
] as const)('behavior: %s is met: %s', async ([, met, [require, failing]]) => {
  let begun = 0
  const outcome = await fanOut(
    nodes,
    async () => {
      begun += 1
      if (begun <= failing) throw new Error('no')
    },
    { require },
  )
  expect(outcome.met).toBe(met)
})

test('behavior: with cancel the rest is told once the requirement cannot be met, and still waited for', async () => {
  const ended: string[] = []
  const outcome = await fanOut(
    nodes,
    async ({ name }, signal) => {
      if (name === 'a') throw new Error('first')
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      ended.push(name)
      throw signal.reason
    },
    { require: quorum(3), onFailure: 'cancel' },
  )
  expect(ended).toEqual(['b', 'c'])
  expect(outcome.failed.map(({ error }) => error.message)).toEqual(['first', 'first', 'first'])
})

test('behavior: with await the rest goes on to its end', async () => {
  const outcome = await fanOut(nodes, async ({ name }, signal) => {
    if (name === 'a') throw new Error('first')
    await new Promise((resolve) => setTimeout(resolve, 5))
    return signal.aborted
  })
  expect(outcome.succeeded.map(({ value }) => value)).toEqual([false, false])
})
