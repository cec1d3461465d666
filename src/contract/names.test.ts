import { describe, expect, test } from 'vitest'
import { pathOf, persistentVolumes, pods, seiNodes } from './kinds.ts'
import { p2pAddress, parseServiceUrl, serviceUrl, sidecarUrl } from './names.ts'

describe('names', () => {
  test('default: a published URL is taken apart again', () => {
    expect(parseServiceUrl(serviceUrl('net-internal', 'ns', 26_657))).toEqual({
      scheme: 'http',
      service: 'net-internal',
      namespace: 'ns',
      port: 26_657,
      path: '',
    })
    expect(parseServiceUrl(serviceUrl('net-0', 'ns', 8546, 'ws'))).toMatchObject({
      scheme: 'ws',
      service: 'net-0',
    })
  })

  test('behavior: the URL of a pod names its Service', () => {
    expect(parseServiceUrl(`${sidecarUrl('net-0', 'ns')}/v0/tasks`)).toEqual({
      scheme: 'http',
      service: 'net-0',
      namespace: 'ns',
      port: 8443,
      path: '/v0/tasks',
    })
    expect(p2pAddress('net-0', 'ns')).toBe('net-0-0.net-0.ns.svc.cluster.local:26656')
  })

  test.for(['http://127.0.0.1:26657', 'https://example.com', 'http://a.b.svc', 'tcp://a.b.svc:1'])(
    'behavior: %s is not one of a Service',
    (url) => {
      expect(parseServiceUrl(url)).toBeUndefined()
    },
  )

  test('behavior: paths of collections, objects and subresources', () => {
    expect(pathOf(seiNodes)).toBe('/apis/sei.io/v1alpha1/seinodes')
    expect(pathOf(pods, { namespace: 'ns', name: 'p', subresource: 'log' })).toBe(
      '/api/v1/namespaces/ns/pods/p/log',
    )
    expect(pathOf(persistentVolumes, { namespace: 'ns', name: 'v' })).toBe('/api/v1/persistentvolumes/v')
  })
})
