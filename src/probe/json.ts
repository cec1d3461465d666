import { SeiError } from '../errors/sei-error.ts'
import { displayUrl, type HttpAnswer } from './http.ts'

export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The body of an answer as JSON; PROBE_FAILED with its first characters otherwise. */
export function parseBody(url: string, answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body)
  } catch {
    const text = answer.body.trim().slice(0, 120)
    throw probeFailed(url, `answered HTTP ${answer.status} with ${text === '' ? 'no body' : text}`, {
      httpStatus: answer.status,
    })
  }
}

export function probeFailed(
  url: string,
  what: string,
  details: Readonly<Record<string, unknown>> = {},
): SeiError {
  return new SeiError(`${displayUrl(url)} ${what}`, {
    class: 'infra',
    code: 'PROBE_FAILED',
    details: { url: displayUrl(url), ...details },
  })
}

/** seid's decimal strings (amino encoding turns every int64 into one), or plain numbers. `undefined` if neither. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) return undefined
  return Number(value)
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
