import type { ApiRequest } from '../http/request.ts'
import { badRequest } from '../status-error.ts'

/** Who the headers ask to be, before anything is added to it. */
export interface Wanted {
  readonly username: string
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

const extraPrefix = 'impersonate-extra-'

/** Nothing but a name. */
export function isPlain({ uid, groups, extra }: Wanted): boolean {
  return uid === '' && groups.length === 0 && Object.keys(extra).length === 0
}

/** `undefined` for a request that speaks for its own user. Throws StatusError 400 for one that names nobody. */
export function wantedBy({ raw }: ApiRequest): Wanted | undefined {
  // Almost no request has them: nothing is read before one is seen.
  let asks = false
  for (const name in raw.headers) asks ||= name.startsWith('impersonate-')
  if (!asks) return undefined
  const { headersDistinct } = raw
  const values = (name: string): string[] => (headersDistinct[name] ?? []).map(utf8)
  const extra: Record<string, string[]> = {}
  for (const name in headersDistinct) {
    if (name.startsWith(extraPrefix)) extra[unescaped(name.slice(extraPrefix.length))] = values(name)
  }
  const wanted = {
    username: values('impersonate-user')[0] ?? '',
    uid: values('impersonate-uid')[0] ?? '',
    groups: values('impersonate-group'),
    extra,
  }
  if (wanted.username !== '') return wanted
  if (isPlain(wanted)) return undefined
  throw badRequest(`requested ${goText(wanted)} without impersonating a user name`)
}

/** Node reads the bytes of a header as Latin-1. */
function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** As Go prints the struct. */
function goText({ username, uid, groups, extra }: Wanted): string {
  const strings = (values: readonly string[]): string =>
    values.length === 0
      ? '[]string(nil)'
      : `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${strings(values)}`)
  const map = 'map[string][]string'
  const more = entries.length === 0 ? `${map}(nil)` : `${map}{${entries.join(', ')}}`
  return `&user.DefaultInfo{Name:${JSON.stringify(username)}, UID:${JSON.stringify(uid)}, Groups:${strings(groups)}, Extra:${more}}`
}
