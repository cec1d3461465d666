import { listAt, stringAt } from '../object.ts'
import { badRequest } from '../status-error.ts'
import { issuer } from './account-tokens.ts'
import type { Authenticator } from './authenticator.ts'

/** The status of a TokenReview. Throws StatusError 400 for one without a token. */
export function tokenStatus(authenticator: Authenticator, spec: unknown): object {
  const token = stringAt(spec, 'token') ?? ''
  if (token === '') throw badRequest('token is required for TokenReview in authentication')
  const audiences = listAt(spec, 'audiences').map(String)
  const verdict = authenticator.review(token, audiences.length === 0 ? [issuer] : audiences)
  if (verdict.user === undefined) return { user: {}, error: verdict.error }
  return { authenticated: true, user: verdict.user, audiences: verdict.audiences }
}
