import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { minimumNode } from './node-version.ts'

test('default: the oldest Node is the one of package.json', () => {
  const { engines } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as Record<'engines', { node: string }>
  expect(engines.node).toBe(`>=${minimumNode}`)
})
