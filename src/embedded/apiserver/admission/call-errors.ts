import { isIP } from 'node:net'

import { errorText } from '../../../errors/error-text.ts'

const byCode: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
}

/** What a Kubernetes client says of an answer that is no success. */
export function serverErrorText(code: number, type: string, text: string): string {
  const shown = type === '' || type.startsWith('text/') ? text.trim() : 'unknown'
  if (code === 403 || code === 406 || code === 415) return shown
  const known = byCode[code]
  if (known !== undefined) return known
  if (code >= 500)
    return `an error on the server (${JSON.stringify(shown)}) has prevented the request from succeeding`
  return `the server responded with the status code ${code} but did not return more information`
}

const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
])

type TransportError = NodeJS.ErrnoException & {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
  readonly host?: string
  readonly cert?: { readonly subjectaltname?: string }
}

/** What Go's HTTP client says where Node's says otherwise. */
export function transportErrorText(error: unknown): string {
  const { code = '', name, address, port, hostname, host, cert } = error as TransportError
  if (name === 'TimeoutError' || name === 'AbortError') return 'context deadline exceeded'
  const verify = 'tls: failed to verify certificate: x509:'
  if (unknownAuthority.has(code)) return `${verify} certificate signed by unknown authority`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${verify} ${otherName(cert?.subjectaltname, host)}`
  if (code === 'CERT_HAS_EXPIRED') return `${verify} certificate has expired or is not yet valid`
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${String(address)}:${String(port)}: connect: connection refused`
    case 'ENOTFOUND':
      return `dial tcp: lookup ${String(hostname)}: no such host`
    case 'ECONNRESET':
      return 'EOF'
    case 'EPROTO':
      return 'http: server gave HTTP response to HTTPS client'
    default:
      return errorText(error)
  }
}

/** @param names as Node has them: `DNS:localhost, IP Address:127.0.0.1` */
function otherName(names = '', host = ''): string {
  const isAddress = isIP(host) > 0
  const kind = isAddress ? 'IP Address:' : 'DNS:'
  const valid = names.split(', ').flatMap((name) => (name.startsWith(kind) ? [name.slice(kind.length)] : []))
  if (valid.length > 0) return `certificate is valid for ${valid.join(', ')}, not ${host}`
  return isAddress
    ? `cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `certificate is not valid for any names, but wanted to match ${host}`
}
