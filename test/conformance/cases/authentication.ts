import { expect } from 'vitest'

import {
  account,
  as,
  claimsOf,
  grantEverywhere,
  lag,
  refusal,
  requestToken,
  tokenReviewPath,
  whoIs,
} from '../../helpers/conformance-access.ts'
import { at, textAt, type ConformanceCase, type Space } from '../../helpers/conformance-case.ts'

const unauthorized = {
  status: 401,
  body: { kind: 'Status', status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
}

async function reviewToken({ call }: Space, token: string, audiences?: string[]): Promise<unknown> {
  const spec = { token, ...(audiences === undefined ? {} : { audiences }) }
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec }
  const answer = await call('POST', tokenReviewPath, { body })
  expect(answer).toMatchObject({ status: 201 })
  return at(answer.body, 'status')
}

/** Who asks: tokens, anonymous requests, impersonation. */
export const authenticationCases: readonly ConformanceCase[] = [
  {
    number: 70,
    kind: 'behavior',
    title: 'who shows no token may see health and version, and nothing else',
    async run({ call, path }) {
      const anonymous = { token: false } as const
      for (const open of ['/healthz', '/livez', '/readyz', '/version']) {
        expect(await call('GET', open, anonymous)).toMatchObject({ status: 200 })
      }
      for (const closed of ['/', '/api', '/apis', '/api/v1', '/metrics', '/readyz/ping', '/nothing']) {
        expect(await call('GET', closed, anonymous)).toMatchObject({
          status: 403,
          body: {
            reason: 'Forbidden',
            message: `forbidden: User "system:anonymous" cannot get path "${closed}"`,
            details: {},
          },
        })
      }
      expect(refusal(await call('POST', '/healthz', anonymous))).toBe(
        '403 forbidden: User "system:anonymous" cannot post path "/healthz"',
      )
      expect(await call('GET', path('pods'), anonymous)).toMatchObject({ status: 403 })
    },
  },
  {
    number: 71,
    kind: 'error',
    title: 'a wrong token is refused everywhere',
    async run({ call, path }) {
      for (const wanted of ['/healthz', '/version', '/nothing', path('pods')]) {
        const answer = await call('GET', wanted, { token: 'wrong' })
        expect(answer).toMatchObject(unauthorized)
        expect(answer.headers).not.toHaveProperty('www-authenticate')
      }
    },
  },
  {
    number: 72,
    kind: 'behavior',
    title: 'an Authorization header without a bearer token counts as none',
    async run({ call, path }) {
      for (const authorization of ['Basic eDp5', 'Bearer', 'Bearer ', 'Bearer  two-spaces']) {
        const answer = await call('GET', path('pods'), { token: false, headers: { authorization } })
        expect(answer).toMatchObject({
          status: 403,
          body: { message: expect.stringContaining('User "system:anonymous" cannot list') },
        })
        const warning =
          '299 - "the provided Authorization header contains extra space before the bearer token, and is ignored"'
        expect(answer.headers['warning']).toBe(authorization.includes('  ') ? warning : undefined)
      }
    },
  },
  {
    number: 73,
    kind: 'behavior',
    title: 'an administrator speaks for whomever he names',
    async run(space) {
      expect(await whoIs(space, {})).toMatchObject({
        username: 'kubernetes-admin',
        groups: ['system:masters', 'system:authenticated'],
      })
      expect(await whoIs(space, as('jane'))).toEqual({ username: 'jane', groups: ['system:authenticated'] })
      const headers = { ...as('jane', 'a', 'b').headers, 'impersonate-uid': '12' }
      const more = { 'Impersonate-Extra-Some%2fKey': ['1', '2'] }
      expect(await whoIs(space, { headers: { ...headers, ...more } })).toEqual({
        username: 'jane',
        uid: '12',
        groups: ['a', 'b', 'system:authenticated'],
        extra: { 'some/key': ['1', '2'] },
      })
      const username = `system:serviceaccount:${space.namespace}:x`
      const groups = ['system:serviceaccounts', `system:serviceaccounts:${space.namespace}`]
      expect(await whoIs(space, as(username))).toEqual({
        username,
        groups: [...groups, 'system:authenticated'],
      })
      expect(await whoIs(space, as(username, 'k'))).toEqual({
        username,
        groups: ['k', 'system:authenticated'],
      })
    },
  },
  {
    number: 74,
    kind: 'error',
    title: 'an administrator who speaks for someone may only what that one may',
    async run({ call, path }) {
      const who = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
      for (const [name, ...groups] of [['system:anonymous'], ['x', 'system:unauthenticated']]) {
        expect(refusal(await call('POST', who, { ...as(name ?? '', ...groups), body }))).toBe(
          `403 selfsubjectreviews.authentication.k8s.io is forbidden: User "${name ?? ''}" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope`,
        )
      }
      expect(await call('GET', path('pods'), as('x', 'system:masters'))).toMatchObject({ status: 200 })
      expect(await call('GET', path('pods'), as('x'))).toMatchObject({ status: 403 })
    },
  },
  {
    number: 75,
    kind: 'error',
    title: 'groups, uid and extra of nobody are a bad request',
    async run({ call, path }) {
      const ask = async (headers: Record<string, string[]>): Promise<string> =>
        refusal(await call('GET', path('pods'), { headers }))
      expect(await ask({ 'impersonate-group': ['g', 'h'] })).toBe(
        '400 requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g", "h"}, Extra:map[string][]string(nil)} without impersonating a user name',
      )
      expect(await ask({ 'impersonate-uid': ['u'] })).toBe(
        '400 requested &user.DefaultInfo{Name:"", UID:"u", Groups:[]string(nil), Extra:map[string][]string(nil)} without impersonating a user name',
      )
      expect(await ask({ 'impersonate-extra-k': ['v'] })).toBe(
        '400 requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string(nil), Extra:map[string][]string{"k":[]string{"v"}}} without impersonating a user name',
      )
    },
  },
  {
    number: 76,
    kind: 'error',
    title: 'speaking for someone takes the verb impersonate on each part of him',
    async run(space) {
      const { token, username } = await account(space, 'imp')
      const get = async (headers: Record<string, string | string[]>): Promise<string> =>
        refusal(await space.call('GET', space.path('pods'), { token, headers }))
      // The newer ways are tried first, and the first refusal is told.
      expect(await get({ 'impersonate-user': 'bob' })).toBe(
        `403 pods is forbidden: User "${username}" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "${space.namespace}"`,
      )
      expect(await get({ 'impersonate-user': username })).toBe(
        `403 pods is forbidden: User "${username}" cannot impersonate-on:serviceaccount:list resource "pods" in API group "" in the namespace "${space.namespace}"`,
      )
      const bob = { apiGroups: [''], resources: ['users'], resourceNames: ['bob'], verbs: ['impersonate'] }
      const subjects = [{ kind: 'ServiceAccount', name: 'imp', namespace: space.namespace }]
      const { remove } = await grantEverywhere(space, 'imp', [bob], subjects)
      expect(await get({ 'impersonate-user': 'bob' })).toBe(
        `403 pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "${space.namespace}"`,
      )
      // From here on the way that last led somewhere comes first.
      const cannot = (subject: string, resource: string, group: string, where: string): string =>
        `403 ${subject} is forbidden: User "${username}" cannot impersonate resource "${resource}" in API group "${group}" ${where}`
      const cluster = 'at the cluster scope'
      expect(await get({ 'impersonate-user': 'jim' })).toBe(cannot('users "jim"', 'users', '', cluster))
      expect(await get({ 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' })).toBe(
        cannot('groups "system:masters"', 'groups', '', cluster),
      )
      const group = 'authentication.k8s.io'
      expect(await get({ 'impersonate-user': 'bob', 'impersonate-uid': 'u' })).toBe(
        cannot(`uids.${group} "u"`, 'uids', group, cluster),
      )
      expect(await get({ 'impersonate-user': 'bob', 'impersonate-extra-scopes': 'v' })).toBe(
        cannot(`userextras.${group} "v"`, 'userextras/scopes', group, cluster),
      )
      expect(await get({ 'impersonate-user': `system:serviceaccount:${space.namespace}:x` })).toBe(
        cannot('serviceaccounts "x"', 'serviceaccounts', '', `in the namespace "${space.namespace}"`),
      )
      await remove()
    },
  },
  {
    number: 77,
    kind: 'behavior',
    title: 'a token of a ServiceAccount says who it is and speaks for it',
    async run(space) {
      const { token, username } = await account(space, 'runner', { expirationSeconds: 1200 })
      const { namespace } = space
      const claims = claimsOf(token)
      expect(claims).toMatchObject({
        sub: username,
        aud: [claims['iss']],
        jti: expect.any(String),
        'kubernetes.io': { namespace, serviceaccount: { name: 'runner', uid: expect.any(String) } },
      })
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(1200)
      expect(await whoIs(space, { token })).toEqual({
        username,
        uid: textAt(claims['kubernetes.io'], 'serviceaccount.uid'),
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${String(claims['jti'])}`] },
      })
      expect(refusal(await space.call('GET', space.path('pods'), { token }))).toBe(
        `403 pods is forbidden: User "${username}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
      )
    },
  },
  {
    number: 78,
    kind: 'error',
    title: 'a token is asked for within limits, of an account that is there',
    async run(space) {
      await account(space, 'a')
      const ask = async (spec: object, name = 'a'): Promise<string> =>
        refusal(await requestToken(space, name, { ...spec }))
      const invalid =
        '422 TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value'
      expect(await ask({ expirationSeconds: 10 })).toBe(
        `${invalid}: 10: may not specify a duration less than 10 minutes`,
      )
      expect(await ask({ expirationSeconds: 2 ** 33 })).toBe(
        `${invalid}: 8589934592: may not specify a duration larger than 2^32 seconds`,
      )
      expect(await ask({}, 'none')).toBe('404 serviceaccounts "none" not found')
      const pod = { kind: 'Pod', apiVersion: 'v1', name: 'none' }
      expect(await ask({ boundObjectRef: pod })).toBe('404 pods "none" not found')
      expect(await ask({ boundObjectRef: { ...pod, kind: 'ConfigMap' } })).toBe(
        '400 cannot bind token to object of type /v1, Kind=ConfigMap',
      )
      const token = `${space.path('serviceaccounts', 'a')}/token`
      expect(await space.call('GET', token)).toMatchObject({ status: 405 })
      const named = { metadata: { name: 'b' } }
      expect(refusal(await space.call('POST', token, { body: named }))).toBe(
        '422 TokenRequest.authentication.k8s.io "a" is invalid: metadata.name: Invalid value: "b": must match the service account name if specified',
      )
    },
  },
  {
    number: 79,
    kind: 'behavior',
    title: 'a token that is bound to a Secret goes with it, one of an account with the account',
    async run(space) {
      const { token: free } = await account(space, 'a')
      await space.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } })
      const ref = { kind: 'Secret', apiVersion: 'v1', name: 's' }
      const answer = await requestToken(space, 'a', { boundObjectRef: ref })
      const bound = textAt(answer.body, 'status.token')
      expect(claimsOf(bound)['kubernetes.io']).toMatchObject({
        secret: { name: 's', uid: expect.any(String) },
      })
      const status = async (token: string): Promise<number> =>
        (await space.call('GET', '/api', { token })).status
      expect([await status(free), await status(bound)]).toEqual([200, 200])
      await space.call('DELETE', space.path('secrets', 's'))
      await expect.poll(() => status(bound), lag).toBe(401)
      expect(await status(free)).toBe(200)
      expect(await reviewToken(space, bound)).toEqual({
        user: {},
        error: '[invalid bearer token, service account token has been invalidated]',
      })
      await space.call('DELETE', space.path('serviceaccounts', 'a'))
      await expect.poll(() => status(free), lag).toBe(401)
      expect(await reviewToken(space, free)).toEqual({
        user: {},
        error: '[invalid bearer token, serviceaccounts "a" not found]',
      })
    },
  },
  {
    number: 80,
    kind: 'behavior',
    title: 'a token of a pod tells the pod; the one that is mounted is good for a year',
    async run(space) {
      await account(space, 'a')
      const pod = (name: string, serviceAccountName: string): object => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { serviceAccountName, nodeSelector: { none: 'x' }, containers: [{ name: 'c', image: 'i' }] },
      })
      await account(space, 'b')
      await space.create('pods', { ...pod('p', 'a') })
      await space.create('pods', { ...pod('q', 'b') })
      const ask = (name: string, seconds: number): ReturnType<typeof requestToken> =>
        requestToken(space, 'a', {
          expirationSeconds: seconds,
          boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name },
        })
      expect(refusal(await ask('q', 3600))).toBe(
        '400 cannot bind token for serviceaccount "a" to pod running with different serviceaccount name.',
      )
      const token = textAt((await ask('p', 3607)).body, 'status.token')
      const claims = claimsOf(token)
      const { pod: bound, warnafter } = claims['kubernetes.io'] as { pod: object; warnafter: number }
      expect(bound).toEqual({ name: 'p', uid: expect.any(String) })
      expect(warnafter - Number(claims['iat'])).toBe(3607)
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(365 * 24 * 3600)
      const plain = claimsOf(textAt((await ask('p', 3600)).body, 'status.token'))
      expect(Number(plain['exp']) - Number(plain['iat'])).toBe(3600)
      expect(await whoIs(space, { token })).toMatchObject({
        extra: {
          'authentication.kubernetes.io/pod-name': ['p'],
          'authentication.kubernetes.io/pod-uid': [textAt(bound, 'uid')],
        },
      })
    },
  },
  {
    number: 81,
    kind: 'behavior',
    title: 'a token for others is no token here, and a review tells whom it is for',
    async run(space) {
      const { token, username } = await account(space, 'a', { audiences: ['vault', 'store'] })
      expect(await space.call('GET', '/api', { token })).toMatchObject(unauthorized)
      expect(await reviewToken(space, token, ['store', 'bank'])).toMatchObject({
        authenticated: true,
        user: { username },
        audiences: ['store'],
      })
      const { iss } = claimsOf(token)
      expect(await reviewToken(space, token)).toEqual({
        user: {},
        error: `[invalid bearer token, token audiences ["vault" "store"] is invalid for the target audiences ["${String(iss)}"]]`,
      })
    },
  },
  {
    number: 82,
    kind: 'behavior',
    title: 'a token review tells who a token is, and why one is none',
    async run(space) {
      const unknown = { user: {}, error: 'invalid bearer token' }
      expect(await reviewToken(space, space.target.info.token ?? '')).toMatchObject({
        authenticated: true,
        user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      })
      expect(await reviewToken(space, space.target.info.token ?? '', ['vault'])).toEqual(unknown)
      expect(await reviewToken(space, 'wrong')).toEqual(unknown)
      expect(await reviewToken(space, 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA')).toEqual(unknown)
      const { token } = await account(space, 'a')
      expect(await reviewToken(space, `${token.slice(0, -6)}AAAAAA`)).toEqual({
        user: {},
        error: '[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]',
      })
      expect(refusal(await space.call('POST', tokenReviewPath, { body: { spec: {} } }))).toBe(
        '400 token is required for TokenReview in authentication',
      )
    },
  },
]
