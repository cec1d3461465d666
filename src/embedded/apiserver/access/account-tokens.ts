import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'

import { isRecord } from '../object.ts'

/** The name that a cluster's tokens are issued under, and the audience that its API server is. */
export const issuer = 'https://kubernetes.default.svc.cluster.local'

/** What a token says of an object. */
export interface ObjectClaim {
  readonly name: string
  readonly uid?: string | undefined
}

/** What the token of a ServiceAccount says. Times are in seconds. */
export interface AccountClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
  readonly 'kubernetes.io': {
    readonly namespace: string
    readonly serviceaccount: ObjectClaim
    readonly pod?: ObjectClaim
    readonly secret?: ObjectClaim
    readonly node?: ObjectClaim
    readonly warnafter?: number
  }
}

interface KeyPair {
  readonly id: string
  readonly secret: KeyObject
  readonly open: KeyObject
}

/** Tokens whose signature is remembered: they come again with every request of their owner. */
const rememberedTokens = 1000
const hash = 'sha256'

/** Signs the tokens of ServiceAccounts, as JSON Web Tokens by ES256, and knows its own again. The key lives no longer than it does. */
export class AccountTokens {
  readonly #verified = new Map<string, AccountClaims>()
  #key: KeyPair | undefined

  mint(claims: AccountClaims): string {
    const { id, secret } = this.#keys()
    const text = [{ alg: 'ES256', kid: id }, claims].map(encode).join('.')
    const signature = sign(hash, Buffer.from(text), { key: secret, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }

  /**
   * The claims of a token that this signed, whether or not it is still good. `undefined` for what was never meant for this
   * server; for what only seems to be its own the words of a real one.
   */
  read(token: string): AccountClaims | string | undefined {
    const known = this.#verified.get(token)
    if (known !== undefined) return known
    const [head = '', body = '', signature = '', ...rest] = token.split('.')
    const claims = decode(body)
    if (rest.length > 0 || claims?.['iss'] !== issuer) return undefined
    const { id, open } = this.#keys()
    if (decode(head)?.['kid'] !== id) return 'invalid signature, no keys found'
    const key = { key: open, dsaEncoding: 'ieee-p1363' } as const
    if (!verify(hash, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return 'go-jose/go-jose: error in cryptographic primitive'
    // Its form needs no check: nobody else has the key.
    const own = claims as unknown as AccountClaims
    this.#remember(token, own)
    return own
  }

  /** The public key, as `/openid/v1/jwks` shows it. */
  publicKeys(): { keys: JsonWebKey[] } {
    const { id, open } = this.#keys()
    return { keys: [{ use: 'sig', ...open.export({ format: 'jwk' }), kid: id, alg: 'ES256' }] }
  }

  /** Made on first use: most clusters never mint a token. */
  #keys(): KeyPair {
    if (this.#key !== undefined) return this.#key
    const { privateKey: secret } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const open = createPublicKey(secret)
    const id = createHash(hash)
      .update(open.export({ type: 'spki', format: 'der' }))
      .digest('base64url')
    this.#key = { id, secret, open }
    return this.#key
  }

  #remember(token: string, claims: AccountClaims): void {
    if (this.#verified.size >= rememberedTokens) this.#verified.clear()
    this.#verified.set(token, claims)
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
