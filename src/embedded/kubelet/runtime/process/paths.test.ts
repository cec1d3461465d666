import { expect, test } from 'vitest'
import { pathRewriter } from './paths.ts'

const rewrite = pathRewriter([
  ['/tmp', '/pod/tmp'],
  ['/profiles', '/pod/volumes/profiles'],
  ['/profiles/extra', '/pod/volumes/extra'],
])

test.for([
  ['/profiles', '/pod/volumes/profiles'],
  ['/profiles/a.json', '/pod/volumes/profiles/a.json'],
  ['--config=/profiles/a.json', '--config=/pod/volumes/profiles/a.json'],
  ['cat "/profiles/${NAME}.json" > /tmp/x', 'cat "/pod/volumes/profiles/${NAME}.json" > /pod/tmp/x'],
  ['/bin:/profiles', '/bin:/pod/volumes/profiles'],
  ['file:///tmp/x', 'file:///pod/tmp/x'],
  ['@/tmp/x', '@/pod/tmp/x'],
  ['/profiles/extra/b', '/pod/volumes/extra/b'],
  ['/profiles/extras', '/pod/volumes/profiles/extras'],
])('default: %s', ([text, expected]) => {
  expect(rewrite(text ?? '')).toBe(expected)
})

test.for([
  '/profiles2',
  '/profiles.d/x',
  '/var/tmp/x',
  '$HOME/tmp',
  '${HOME}/tmp',
  '$(pwd)/tmp',
  './tmp',
  '~/tmp',
  'http://host/tmp/x',
  'a-/tmp',
])('behavior: %s stays', (text) => {
  expect(rewrite(text)).toBe(text)
})

test('behavior: with no mounts a text stays', () => {
  expect(pathRewriter([])('/tmp')).toBe('/tmp')
})
