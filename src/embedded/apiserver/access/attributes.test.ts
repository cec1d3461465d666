import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

import { expect, test } from 'vitest'

import { parseRequest } from '../http/request.ts'
import { attributesOf, forbiddenAttributes } from './attributes.ts'

function attributes(method: string, url: string): ReturnType<typeof attributesOf> {
  const raw = new IncomingMessage(new Socket())
  Object.assign(raw, { method, url })
  return attributesOf(parseRequest(raw, new ServerResponse(raw)))
}

const rows: [request: string, text: string][] = [
  ['GET /', 'get path "/"'],
  ['POST /foo/bar', 'post path "/foo/bar"'],
  ['GET /api', 'get path "/api"'],
  ['GET /api/v1', 'get path "/api/v1"'],
  ['GET /apis/apps', 'get path "/apis/apps"'],
  ['GET /apis/apps/v1', 'get path "/apis/apps/v1"'],
  ['GET /a%20b', 'get path "/a b"'],
  ['GET /api/v1/pods', 'list "pods" "" cluster'],
  ['HEAD /api/v1/pods', 'list "pods" "" cluster'],
  ['GET /api/v1/pods?watch', 'watch "pods" "" cluster'],
  ['GET /api/v1/pods?watch=0', 'list "pods" "" cluster'],
  ['GET /api/v1/watch/pods', 'watch "pods" "" cluster'],
  ['GET /api/v1/watch/namespaces/n/pods/p', 'watch "pods" "" p n'],
  ['GET /apis/apps/v1/namespaces/n/statefulsets/s/scale', 'get "statefulsets/scale" "apps" s n'],
  ['PATCH /apis/apps/v1/namespaces/n/statefulsets/s', 'patch "statefulsets" "apps" s n'],
  ['DELETE /api/v1/namespaces/n/pods', 'deletecollection "pods" "" n'],
  ['DELETE /api/v1/namespaces/n', 'delete "namespaces" "" n n'],
  ['PUT /api/v1/namespaces/n/finalize', 'update "namespaces/finalize" "" n n'],
  ['POST /api/v1/namespaces/n/serviceaccounts/a/token', 'create "serviceaccounts/token" "" a n'],
  ['GET /api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Da', 'list "pods" "" a n'],
  ['GET /api/v1/namespaces/n/pods?fieldSelector=spec.nodeName%3Db,metadata.name%3Da', 'list "pods" "" a n'],
  ['GET /api/v1/namespaces/n/pods?fieldSelector=metadata.name!%3Da', 'list "pods" "" n'],
  ['GET /api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Da/b', 'list "pods" "" n'],
  ['OPTIONS /api/v1/namespaces/n/pods', ' "pods" "" n'],
  ['GET //api//v1/pods/', 'list "pods" "" cluster'],
]

test.each(rows)('behavior: what %s asks for', (request, text) => {
  const [method = '', url = ''] = request.split(' ')
  const asked = attributes(method, url)
  if ('path' in asked) {
    expect(`${asked.verb} path "${asked.path}"`).toBe(text)
    return
  }
  const { verb, resource, subresource, group, name, namespace } = asked
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const where = [name, namespace].filter((part) => part !== '').join(' ') || 'cluster'
  expect(`${verb} "${what}" "${group}" ${where}`).toBe(text)
})

test('error: a refusal names user, verb, resource and place, with what the authorizer says', () => {
  const asked = attributes('GET', '/apis/apps/v1/namespaces/n/statefulsets/s/scale')
  const error = forbiddenAttributes({ username: '<jane>', groups: [] }, asked, 'RBAC: <x>')
  expect(error.message).toBe(
    'statefulsets.apps "s" is forbidden: User "&lt;jane&gt;" cannot get resource "statefulsets/scale" in API group "apps" in the namespace "n": RBAC: <x>',
  )
  expect(error.toBody()).toMatchObject({
    code: 403,
    details: { name: 's', group: 'apps', kind: 'statefulsets' },
  })
})
