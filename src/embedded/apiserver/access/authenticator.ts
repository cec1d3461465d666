import { timingSafeEqual } from 'node:crypto'

import type { ServerContext } from '../context.ts'
import type { ApiRequest } from '../http/request.ts'
import { unauthorized } from '../status-error.ts'
import { accountIdentity } from './account-identity.ts'
import { issuer, type AccountTokens } from './account-tokens.ts'
import { list } from './rule-cover.ts'
import { administrator, anonymous, type User } from './user.ts'

/** What a token is worth. */
export type TokenVerdict =
  | { readonly user: User; readonly audiences: readonly string[] }
  | { readonly user?: undefined; readonly error: string }

const unknownToken = 'invalid bearer token'
const spaceWarning =
  'the provided Authorization header contains extra space before the bearer token, and is ignored'

/** Tells who a request or a token speaks for. */
export class Authenticator {
  readonly #context: Pick<ServerContext, 'store' | 'now'>
  readonly #tokens: AccountTokens
  readonly #adminToken: Buffer

  constructor(context: Pick<ServerContext, 'store' | 'now'>, tokens: AccountTokens, adminToken: string) {
    this.#context = context
    this.#tokens = tokens
    this.#adminToken = Buffer.from(adminToken)
  }

  /** @throws StatusError 401 for a token that is not, or no longer, good; who has none at all is anonymous */
  identify(request: ApiRequest): User {
    const { authorization } = request.raw.headers
    if (authorization === undefined) return anonymous
    const [scheme = '', token, rest] = authorization.trim().split(' ', 3)
    if (scheme.toLowerCase() !== 'bearer' || token === undefined) return anonymous
    if (token === '') {
      if (rest !== undefined) request.warnings.add(spaceWarning)
      return anonymous
    }
    const { user } = this.review(token, [issuer])
    if (user === undefined) throw unauthorized()
    return user
  }

  /** @param audiences which of them the token must be for */
  review(token: string, audiences: readonly string[]): TokenVerdict {
    if (this.#isAdminToken(token)) {
      // It is for this server, and says nothing to others.
      const own = audiences.filter((audience) => audience === issuer)
      return own.length === 0 ? { error: unknownToken } : { user: administrator, audiences: own }
    }
    const claims = this.#tokens.read(token)
    if (claims === undefined) return { error: unknownToken }
    if (typeof claims === 'string') return refused(claims)
    const shared = claims.aud.filter((audience) => audiences.includes(audience))
    if (shared.length === 0) {
      return refused(
        `token audiences ${list(claims.aud)} is invalid for the target audiences ${list(audiences)}`,
      )
    }
    const user = accountIdentity(this.#context.store, claims, this.#context.now())
    return typeof user === 'string' ? refused(user) : { user, audiences: shared }
  }

  #isAdminToken(token: string): boolean {
    const given = Buffer.from(token)
    return given.length === this.#adminToken.length && timingSafeEqual(given, this.#adminToken)
  }
}

/** A real server tries several ways of reading a token, and tells of each. */
function refused(why: string): TokenVerdict {
  return { error: `[${unknownToken}, ${why}]` }
}
