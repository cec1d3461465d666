import { expect, test } from 'vitest'
import { imageReference, isOurs, isSeitask } from './image-reference.ts'

test.for([
  ['busybox', { repository: 'busybox', name: 'busybox' }],
  ['alpine/k8s:1.31.3', { repository: 'alpine/k8s', name: 'k8s', tag: '1.31.3' }],
  ['localhost:5000/seitask', { repository: 'localhost:5000/seitask', name: 'seitask' }],
  ['r.io:5000/p/a:v1@sha256:ab', { repository: 'r.io:5000/p/a', name: 'a', tag: 'v1' }],
] as const)('default: the parts of %s', ([image, parts]) => {
  expect(imageReference(image)).toEqual(parts)
})

test('behavior: images are known by the last part of their repository', () => {
  const images = [
    'ghcr.io/sei/seitask:v1',
    'r:5000/seitask-runner@sha256:ab',
    'seitask/other',
    'my-seitask:v1',
  ]
  expect(images.map(isSeitask)).toEqual([true, true, false, false])
  expect(images.map(isOurs)).toEqual([true, false, false, false])
})
