import { expect, test } from 'vitest'
import { atFolder } from './image-commands.ts'

test('default: words that are relative paths by their looks become absolute, others stay', () => {
  const images = { a: ['node', './fake.js', '--in=./x', '../y'], b: ['/bin/true', '.hidden', 'c/d'] }
  expect(atFolder(images, '/home/me')).toEqual({
    a: ['node', '/home/me/fake.js', '--in=./x', '/home/y'],
    b: ['/bin/true', '.hidden', 'c/d'],
  })
})
