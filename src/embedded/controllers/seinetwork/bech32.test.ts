import { expect, test } from 'vitest'

import { isSeiAddress } from './bech32.ts'

test('default: an account address is accepted', () => {
  expect(isSeiAddress('sei1jz3zg4ta2d35a6cqef0smfuhdh6qglu3xhqgam')).toBe(true)
})

test.for([
  ['one character changed', 'sei1jz3zg4ta2d35a6cqef0smfuhdh6qglu3xhqgaq'],
  ['another prefix', 'cosmos1jz3zg4ta2d35a6cqef0smfuhdh6qglu3xhqgam'],
  ['a character of no alphabet', 'sei1bz3zg4ta2d35a6cqef0smfuhdh6qglu3xhqgam'],
  ['upper case', 'SEI1JZ3ZG4TA2D35A6CQEF0SMFUHDH6QGLU3XHQGAM'],
  ['nothing behind the prefix', 'sei1'],
])('error: %s is no account address', ([, address = '']) => {
  expect(isSeiAddress(address)).toBe(false)
})
