import { fieldErrorText, type FieldError } from '../../../apiserver/field-error.ts'

/** One text of all that is wrong, as Go joins it; each is said once. */
export function textOf(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(fieldErrorText))]
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`
}

/** What ends Chaos Mesh's check of an object in the middle: a panic of its own, which it answers with. */
export class Panic extends Error {}

export const nilPointer = 'runtime error: invalid memory address or nil pointer dereference'
export const zeroValue = 'reflect: call of reflect.Value.FieldByName on zero Value'
