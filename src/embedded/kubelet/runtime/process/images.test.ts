import { describe, expect, test } from 'vitest'
import type { Container } from '../../../../contract/objects.ts'
import { locate, programOf, wordsOf } from './images.ts'

const mine = { 'sei/seiload': ['node', '/fake.js'], 'sei/pinned:v1': ['true'] }
const path = '/usr/bin:/bin'

function wordsFor(image: string, container: Partial<Container> = {}): readonly string[] | undefined {
  const program = programOf(image, mine)
  return program && wordsOf(program, { name: 'c', image, ...container })
}

describe('images', () => {
  test.for([
    ['busybox', ['sh']],
    ['docker.io/library/busybox:1.36', ['sh']],
    ['alpine/k8s:1.31.0', ['sh']],
    ['mirror.example:5000/alpine/k8s@sha256:00', ['sh']],
    ['curlimages/curl:8.10.1', ['curl']],
    ['sei/seiload:abc', ['node', '/fake.js']],
    ['sei/seiload', ['node', '/fake.js']],
    ['sei/pinned:v1', ['true']],
  ] as const)('default: %s', ([image, words]) => {
    expect(wordsFor(image)).toEqual(words)
  })

  test.for(['sei/seitask:1', 'ghcr.io/sei-protocol/seitask@sha256:00', 'seitask-runner'])(
    'default: %s is this package’s command line',
    (image) => {
      expect(wordsFor(image, { args: ['keygen'] })).toEqual([
        process.execPath,
        expect.stringMatching(/\/cli\/main\.ts$/),
        'keygen',
      ])
      const program = programOf(image, mine)
      const command = wordsFor(image, { command: ['/seitask', 'keygen'] }) ?? []
      expect(program && locate(program, command, path)?.[0]).toBe(process.execPath)
    },
  )

  test.for(['sei/seid:v1', 'sei/pinned:v2', 'sei/pinned', 'busybox-extras', '$SEITASK_IMAGE'])(
    'behavior: %s stands for nothing',
    (image) => {
      expect(programOf(image, mine)).toBeUndefined()
    },
  )

  test('behavior: command replaces the entry point, args alone go to it', () => {
    expect(wordsFor('curlimages/curl', { args: ['-f', 'x'] })).toEqual(['curl', '-f', 'x'])
    expect(wordsFor('curlimages/curl', { command: ['/bin/sh', '-c'], args: ['x'] })).toEqual([
      '/bin/sh',
      '-c',
      'x',
    ])
    expect(wordsFor('busybox', { args: ['echo', 'x'] })).toEqual(['echo', 'x'])
    expect(wordsFor('sei/seiload', { args: ['--x'] })).toEqual(['node', '/fake.js', '--x'])
  })

  test('error: a command that this machine has not is not found', () => {
    const program = programOf('busybox', mine)
    const find = (word: string): unknown => program && locate(program, [word, 'x'], path)
    expect(find('sh')).toEqual([expect.stringMatching(/^\/(usr\/)?bin\/sh$/), 'x'])
    expect(find('/bin/sh')).toEqual(['/bin/sh', 'x'])
    for (const word of ['no-such-command', '/no/such', '/etc/passwd', '/bin', './sh', ''])
      expect(find(word)).toBeUndefined()
  })
})
