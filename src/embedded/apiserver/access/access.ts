import type { ServerContext } from '../context.ts'
import type { ApiRequest } from '../http/request.ts'
import type { Resource } from '../resource-type.ts'
import { AccountTokens } from './account-tokens.ts'
import { attributesOf, forbiddenAttributes, type Attributes } from './attributes.ts'
import { Authenticator } from './authenticator.ts'
import { Impersonation } from './impersonation.ts'
import type { Rbac } from './rbac.ts'
import { administrator, type User } from './user.ts'

/** Who may do what on this server: it lets each request in, or does not. */
export class Access {
  readonly rbac: Rbac
  readonly tokens: AccountTokens = new AccountTokens()
  readonly authenticator: Authenticator
  readonly #impersonation: Impersonation

  constructor(context: Pick<ServerContext, 'store' | 'now'>, rbac: Rbac, adminToken: string) {
    this.rbac = rbac
    this.authenticator = new Authenticator(context, this.tokens, adminToken)
    this.#impersonation = new Impersonation(rbac)
  }

  /**
   * Finds out who is asking, writes it to the request, and whether he may.
   * @throws StatusError 401 for a bad token, 403 for who may not, 400 for impersonation of nobody
   */
  admit(request: ApiRequest): void {
    const requester = this.authenticator.identify(request)
    try {
      request.user = this.#impersonation.resolve(request, requester)
      if (request.user !== administrator) this.require(request.user, attributesOf(request))
    } catch (error) {
      request.response.setHeader('X-Content-Type-Options', 'nosniff')
      throw error
    }
  }

  /** @throws StatusError 403 when `user` may not */
  require(user: User, asked: Attributes): void {
    const { allowed, reason } = this.rbac.authorize(user, asked)
    if (!allowed) throw forbiddenAttributes(user, asked, reason)
  }

  /** For a PUT or an apply that creates. Throws StatusError 403. */
  requireCreate(user: User, { group, plural }: Resource, namespace: string | undefined, name: string): void {
    const where = { namespace: namespace ?? '', name, subresource: '' }
    this.require(user, { verb: 'create', group, resource: plural, ...where })
  }
}
