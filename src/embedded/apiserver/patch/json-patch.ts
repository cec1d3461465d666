import { deepEqual, isRecord } from '../object.ts'
import { badRequest, requestTooLarge, unprocessable } from '../status-error.ts'

const maxOperations = 10_000

interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: readonly string[]
  readonly from: readonly string[]
  readonly value: unknown
}

/**
 * RFC 6902 on a copy of `object`; what no operation touches is shared with it. Throws StatusError: 400 for a malformed
 * patch, 413 for more than 10000 operations, 422 for one that does not apply or whose `test` fails.
 */
export function applyJsonPatch<T>(object: T, operations: unknown): T {
  if (!Array.isArray(operations))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    )
  if (operations.length > maxOperations) {
    throw requestTooLarge(
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    )
  }
  let result: unknown = object
  for (const operation of operations.map(readOperation)) result = applyOperation(result, operation)
  if (result === null) throw unprocessable()
  return result as T
}

function readOperation(raw: unknown): Operation {
  if (!isRecord(raw)) throw badRequest('a JSON patch is a list of operations')
  for (const field of ['op', 'path', 'from']) {
    const text = raw[field] ?? ''
    if (typeof text === 'string') continue
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${typeof text} into Go struct field jsonPatchOp.${field} of type string`,
    )
  }
  const { op, path, from, value = null } = raw
  if (!isOperator(op) || typeof path !== 'string') throw unprocessable()
  const moves = op === 'move' || op === 'copy'
  if (moves && typeof from !== 'string') throw unprocessable()
  return { op, path: parsePointer(path), from: moves ? parsePointer(String(from)) : [], value }
}

const operators: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test']

function isOperator(op: unknown): op is Operation['op'] {
  return operators.includes(op)
}

function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw unprocessable()
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function applyOperation(root: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'add':
      return edit(root, path, () => value, 'insert')
    case 'remove':
      return edit(root, path, () => undefined, 'change')
    case 'replace':
      return edit(root, path, () => value, 'set')
    case 'move': {
      if (isInside(path, from)) throw unprocessable()
      const moved = read(root, from)
      return edit(
        edit(root, from, () => undefined, 'change'),
        path,
        () => moved,
        'insert',
      )
    }
    case 'copy': {
      const copied = structuredClone(read(root, from))
      return edit(root, path, () => copied, 'insert')
    }
    case 'test':
      if (!passes(root, path, value)) throw unprocessable()
      return root
  }
}

/** A value cannot be moved into itself. */
function isInside(path: readonly string[], from: readonly string[]): boolean {
  return path.length > from.length && from.every((token, at) => token === path[at])
}

/** A test for null also passes where there is nothing, as it does in the servers' library. */
function passes(root: unknown, path: readonly string[], value: unknown): boolean {
  let at: unknown = root
  for (const [depth, token] of path.entries()) {
    const child = childOf(at, token)
    if (child === undefined) return value === null && depth === path.length - 1
    at = child
  }
  return deepEqual(at, value)
}

function read(root: unknown, path: readonly string[]): unknown {
  let at = root
  for (const token of path) {
    at = childOf(at, token)
    if (at === undefined) throw unprocessable()
  }
  return at
}

function childOf(parent: unknown, token: string): unknown {
  if (Array.isArray(parent)) return isIndex(token) ? parent[Number(token)] : undefined
  return isRecord(parent) && Object.hasOwn(parent, token) ? parent[token] : undefined
}

function isIndex(token: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(token)
}

type How = 'insert' | 'change' | 'set'

/**
 * A copy of `at` along `path` with the value at its end made anew; `undefined` removes it. `insert` puts a list item in
 * between and may add a key, `change` needs the place to be there; `set` needs that of a list item alone, as in the servers'
 * library.
 */
function edit(at: unknown, path: readonly string[], make: () => unknown, how: How): unknown {
  const [token, ...rest] = path
  if (token === undefined) return make() ?? null
  if (Array.isArray(at)) return editList(at, token, rest, make, how)
  if (!isRecord(at)) throw unprocessable()
  const there = Object.hasOwn(at, token)
  if (!there && (rest.length > 0 || how === 'change')) throw unprocessable()
  const made = rest.length > 0 ? edit(at[token], rest, make, how) : make()
  if (made !== undefined) return { ...at, [token]: made }
  const { [token]: _, ...others } = at
  return others
}

function editList(
  list: readonly unknown[],
  token: string,
  rest: readonly string[],
  make: () => unknown,
  how: How,
): unknown[] {
  const last = rest.length === 0
  const at = token === '-' && last && how === 'insert' ? list.length : Number(isIndex(token) ? token : 'NaN')
  const end = last && how === 'insert' ? list.length : list.length - 1
  if (!(at <= end)) throw unprocessable()
  const made = last ? make() : edit(list[at], rest, make, how)
  const replaced = last && how === 'insert' ? 0 : 1
  return made === undefined ? list.toSpliced(at, 1) : list.toSpliced(at, replaced, made)
}
