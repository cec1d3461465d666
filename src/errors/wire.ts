import type { WireError } from '../contract/lease.ts'
import { errorClasses, errorCodes, type ErrorClass, type ErrorCode } from './codes.ts'
import { isSeiError } from './guards.ts'
import { SeiError } from './sei-error.ts'
import { errorText } from './error-text.ts'

/** An error as data for the lease API. Anything that is not ours becomes INTERNAL with its message. */
export function toWire(error: unknown): WireError {
  if (!isSeiError(error)) {
    const message = errorText(error)
    return { class: 'infra', code: 'INTERNAL', message }
  }
  const hinted = error.hint === undefined ? '' : `\n  hint: ${error.hint}`
  const message = error.message.endsWith(hinted)
    ? error.message.slice(0, error.message.length - hinted.length)
    : error.message
  return { class: error.class, code: error.code, message, hint: error.hint, details: error.details }
}

/**
 * The error as it was thrown on the other side. It has no stack of its own: that one stayed there, and this side's would
 * lead a reader into the transport.
 */
export function fromWire(wire: WireError): SeiError {
  const error = new SeiError(wire.message, {
    class: (errorClasses as readonly string[]).includes(wire.class) ? (wire.class as ErrorClass) : 'infra',
    code: (errorCodes as readonly string[]).includes(wire.code) ? (wire.code as ErrorCode) : 'INTERNAL',
    hint: wire.hint,
    details: wire.details,
  })
  error.stack = `${error.name}: ${error.message}`
  return error
}
