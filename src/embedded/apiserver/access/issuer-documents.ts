import { sendDocument } from '../http/respond.ts'
import type { ApiRequest } from '../http/request.ts'
import { toJson } from '../json.ts'
import { issuer, type AccountTokens } from './account-tokens.ts'

/** Answers a GET of what others need to check the tokens of ServiceAccounts themselves; false for anything else. */
export function serveIssuerDocument(request: ApiRequest, tokens: AccountTokens): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  switch (request.segments.join('/')) {
    case '.well-known/openid-configuration':
      sendDocument(request, toJson(configuration(request)), 'application/json')
      return true
    case 'openid/v1/jwks':
      sendDocument(request, toJson(tokens.publicKeys()), 'application/jwk-set+json')
      return true
    default:
      return false
  }
}

function configuration(request: ApiRequest): object {
  return {
    issuer,
    jwks_uri: `https://${request.raw.headers.host ?? ''}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
}
