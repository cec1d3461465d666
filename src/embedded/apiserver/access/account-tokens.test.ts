import { createPublicKey, verify } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import type { ApiObject } from '../object.ts'
import { Store } from '../store.ts'
import { accountIdentity } from './account-identity.ts'
import { AccountTokens, issuer, type AccountClaims } from './account-tokens.ts'

const now = new Date('2026-01-01T00:00:00Z')
const seconds = now.getTime() / 1000

function claims(more: Partial<AccountClaims['kubernetes.io']> = {}): AccountClaims {
  return {
    iss: issuer,
    sub: 'system:serviceaccount:ns:a',
    aud: [issuer],
    iat: seconds,
    nbf: seconds,
    exp: seconds + 600,
    jti: 'j',
    'kubernetes.io': { namespace: 'ns', serviceaccount: { name: 'a', uid: 'u' }, ...more },
  }
}

function object(kind: string, name: string, uid: string, metadata: object = {}): ApiObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'ns', uid, ...metadata } }
}

function storeWith(...objects: ApiObject[]): Store {
  const store = new Store()
  for (const one of objects) store.collection(`${one.kind.toLowerCase()}s`).put(one)
  return store
}

describe('signatures', () => {
  test('behavior: a token is known again, and by whoever has the public key', () => {
    const tokens = new AccountTokens()
    const token = tokens.mint(claims())
    expect(tokens.read(token)).toEqual(claims())
    expect(tokens.read(token)).toEqual(claims())
    const [key] = tokens.publicKeys().keys
    const [head = '', body = '', signature = ''] = token.split('.')
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'ES256', kid: key?.['kid'] })
    const open = createPublicKey({ key: key ?? {}, format: 'jwk' })
    const signed = Buffer.from(`${head}.${body}`)
    const bytes = Buffer.from(signature, 'base64url')
    expect(verify('sha256', signed, { key: open, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true)
  })

  test('error: what was changed, comes from elsewhere or is no token is not taken', () => {
    const tokens = new AccountTokens()
    const [head = '', body = '', signature = ''] = tokens.mint(claims()).split('.')
    const other = Buffer.from(JSON.stringify({ ...claims(), sub: 'x' })).toString('base64url')
    const broken = 'go-jose/go-jose: error in cryptographic primitive'
    expect(tokens.read(`${head}.${other}.${signature}`)).toBe(broken)
    expect(tokens.read(`${head}.${body}.`)).toBe(broken)
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    expect(tokens.read(`${none}.${body}.`)).toBe('invalid signature, no keys found')
    expect(tokens.read(new AccountTokens().mint(claims()))).toBe('invalid signature, no keys found')
    expect(tokens.read(tokens.mint({ ...claims(), iss: 'https://other' }))).toBeUndefined()
    for (const text of ['', 'a', 'a.b.c', `${head}.${body}.${signature}.x`, `${head}.bm8=.x`]) {
      expect(tokens.read(text)).toBeUndefined()
    }
  })
})

describe('identities', () => {
  const account = object('ServiceAccount', 'a', 'u')
  const pod = { name: 'p', uid: 'v' }
  const long = new Date(now.getTime() - 61_000).toISOString()
  const just = new Date(now.getTime() - 59_000).toISOString()
  const invalidated = 'service account token has been invalidated'
  const rows: [title: string, said: AccountClaims, there: ApiObject[], result: string | undefined][] = [
    ['with its account', claims(), [account], undefined],
    ['expired, within leeway', { ...claims(), exp: seconds - 59 }, [account], undefined],
    ['expired', { ...claims(), exp: seconds - 61 }, [account], 'service account token has expired'],
    ['of later', { ...claims(), nbf: seconds + 61 }, [account], 'service account token is not valid yet'],
    ['without its account', claims(), [], 'serviceaccounts "a" not found'],
    [
      'of an account of the same name',
      claims(),
      [object('ServiceAccount', 'a', 'w')],
      'service account UID (w) does not match claim (u)',
    ],
    [
      'of an account that has been going for long',
      claims(),
      [object('ServiceAccount', 'a', 'u', { deletionTimestamp: long })],
      'service account ns/a has been deleted',
    ],
    ['of a pod', claims({ pod }), [account, object('Pod', 'p', 'v')], undefined],
    ['of a pod that is gone', claims({ pod }), [account], invalidated],
    [
      'of a pod that is just going',
      claims({ pod }),
      [account, object('Pod', 'p', 'v', { deletionTimestamp: just })],
      undefined,
    ],
    [
      'of a pod of the same name',
      claims({ pod }),
      [account, object('Pod', 'p', 'x')],
      'pod UID (x) does not match service account pod ref claim (v)',
    ],
    ['of a Secret that is gone', claims({ secret: { name: 's', uid: 'v' } }), [account], invalidated],
    ['of a node that is gone', claims({ node: { name: 'n', uid: 'v' } }), [account], invalidated],
    [
      'of a pod, whose node is gone',
      claims({ pod, node: { name: 'n' } }),
      [account, object('Pod', 'p', 'v')],
      undefined,
    ],
  ]
  test.each(rows)('behavior: a token %s', (_title, said, there, result) => {
    const identity = accountIdentity(storeWith(...there), said, now)
    if (result === undefined)
      expect(identity).toMatchObject({ username: 'system:serviceaccount:ns:a', uid: 'u' })
    else expect(identity).toBe(result)
  })
})
