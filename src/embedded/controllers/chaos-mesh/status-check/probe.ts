import { Agent, request } from 'undici'
import type { HttpCheck } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import { errorText } from '../../../../errors/error-text.ts'

/** What one look gave; `trouble` says what was wrong. */
export interface Look {
  readonly ok: boolean
  readonly trouble: string
}

/** Asks a URL once. An answer that does not come within `timeoutMs` of real time is a failure like any other. */
export async function probe(check: HttpCheck, timeoutMs: number): Promise<Look> {
  const { url, method = 'GET', headers, body, criteria } = check
  const dispatcher = new Agent({ connect: { timeout: timeoutMs } })
  try {
    const { statusCode, body: answer } = await request(url, {
      dispatcher,
      method,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.dump()
    return meets(criteria.statusCode, statusCode)
      ? { ok: true, trouble: '' }
      : { ok: false, trouble: `unexpected status code: ${statusCode}` }
  } catch (error) {
    return { ok: false, trouble: `do http request: ${errorText(error)}` }
  } finally {
    await dispatcher.destroy()
  }
}

/** `200` is that code, `200-400` all from one to the other. What is neither is met by nothing. */
function meets(criteria: string, code: number): boolean {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(criteria) ?? []
  if (from === undefined) return false
  return code >= Number(from) && code <= Number(to ?? from)
}
