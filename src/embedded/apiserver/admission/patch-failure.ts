import { isRecord, stringAt } from '../object.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { StatusError } from '../status-error.ts'

/** Why a JSON patch does not apply, as the library of a real server says it of a webhook's patch. */
export function patchFailure(object: unknown, operations: readonly unknown[]): string {
  let at = object
  for (const operation of operations) {
    try {
      at = applyJsonPatch(at, [operation])
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return reasonOf(at, operation)
    }
  }
  throw new Error('the patch applies')
}

function reasonOf(object: unknown, operation: unknown): string {
  const path = stringAt(operation, 'path') ?? ''
  const op = stringAt(operation, 'op') ?? ''
  const parent = containerOf(object, path)
  const key = path.slice(path.lastIndexOf('/') + 1)
  const nowhere = parent === undefined
  const index = `Unable to access invalid index: ${key}: invalid index referenced`
  switch (op) {
    case 'add':
      if (nowhere) return `add operation does not apply: doc is missing path: "${path}": missing value`
      return `error in add for path: '${path}': ${index}`
    case 'remove':
      if (nowhere) return `remove operation does not apply: doc is missing path: "${path}": missing value`
      if (Array.isArray(parent)) return `error in remove for path: '${path}': ${index}`
      return `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`
    case 'replace':
      return `replace operation does not apply: doc is missing ${nowhere ? 'path' : 'key'}: ${path}: missing value`
    case 'test':
      return `testing value ${path} failed: test failed`
    case 'move':
    case 'copy':
      return `${op} operation does not apply: doc is missing from path: ${stringAt(operation, 'from') ?? ''}: missing value`
    default:
      return `Unexpected kind: ${op}`
  }
}

function containerOf(object: unknown, path: string): unknown {
  const parts = path.split('/').slice(1, -1)
  return parts.reduce<unknown>((at, part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) return at[Number(name)] as unknown
    return isRecord(at) ? at[name] : undefined
  }, object)
}
