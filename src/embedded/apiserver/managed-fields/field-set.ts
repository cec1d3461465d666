/**
 * A set of field paths, in the very form in which FieldsV1 writes it: a tree of path elements (`f:name`, `k:{…}`,
 * `v:…`, `i:0`). A node without children is a member; one with children is a member when it has the child `.`. Sets are
 * never changed once made, so that results share what they leave alone, and encoding one costs nothing.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet
}

/** A set under construction. */
export interface MutableSet {
  [element: string]: MutableSet
}

/** As the root the empty set, anywhere below a member without children. */
export const leaf: FieldSet = Object.freeze({})

const self = '.'

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** Whether the node itself is in the set. */
function isMember(node: FieldSet): boolean {
  return self in node || isEmpty(node)
}

/** Whether the child at `element` is in the set itself, not only something below it. */
export function hasMember(set: FieldSet, element: string): boolean {
  const child = set[element]
  return child !== undefined && isMember(child)
}

/** What is in `a`, in `b` or in both. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a
  if (isEmpty(a)) return b
  return join(a, b)
}

/** Union below the root, where an empty node is a member. */
function join(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  const member = isMember(a) || isMember(b)
  let changed = member && !isMember(a)
  const result: MutableSet = {}
  for (const element in a) {
    const [mine, theirs] = [a[element], b[element]]
    if (element === self || mine === undefined) continue
    const joined = theirs === undefined ? mine : join(mine, theirs)
    if (joined !== mine) changed = true
    result[element] = joined
  }
  for (const element in b) {
    const theirs = b[element]
    if (element === self || theirs === undefined || element in a) continue
    result[element] = theirs
    changed = true
  }
  if (!changed) return a
  return finish(result, member)
}

/** Adds the node's own membership and puts the elements in the order in which servers write them. */
function finish(children: MutableSet, member: boolean): FieldSet {
  const elements = Object.keys(children)
  if (elements.length === 0) return leaf
  elements.sort()
  const node: MutableSet = member ? { [self]: leaf } : {}
  for (const element of elements) {
    const child = children[element]
    if (child !== undefined) node[element] = child
  }
  return node
}

/** What is in `a` but not in `b`: members one by one, so that taking `x` away leaves `x.y`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return isEmpty(a) || isEmpty(b) ? a : (subtract(a, b, true) ?? leaf)
}

/** Difference of two nodes; `undefined` when nothing is left. The root is no member. */
function subtract(a: FieldSet, b: FieldSet, root: boolean): FieldSet | undefined {
  const member = !root && isMember(a) && !isMember(b)
  let changed = !root && member !== isMember(a)
  let left = 0
  const result: MutableSet = {}
  for (const element in a) {
    const [mine, theirs] = [a[element], b[element]]
    if (element === self || mine === undefined) continue
    const rest = theirs === undefined ? mine : subtract(mine, theirs, false)
    if (rest !== mine) changed = true
    if (rest === undefined) continue
    result[element] = rest
    left += 1
  }
  if (!changed) return a
  if (left === 0) return member ? leaf : undefined
  return finish(result, member)
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return isEmpty(a) || isEmpty(b) ? leaf : (overlap(a, b, true) ?? leaf)
}

function overlap(a: FieldSet, b: FieldSet, root: boolean): FieldSet | undefined {
  const member = !root && isMember(a) && isMember(b)
  let left = 0
  const result: MutableSet = {}
  for (const element in a) {
    const [mine, theirs] = [a[element], b[element]]
    if (element === self || mine === undefined || theirs === undefined) continue
    const both = overlap(mine, theirs, false)
    if (both === undefined) continue
    result[element] = both
    left += 1
  }
  if (left === 0) return member ? leaf : undefined
  return finish(result, member)
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  if (isMember(a) !== isMember(b)) return false
  let extra = 0
  for (const element in b) if (element !== self) extra += 1
  for (const element in a) {
    const [mine, theirs] = [a[element], b[element]]
    if (element === self || mine === undefined) continue
    if (theirs === undefined || !equalSets(mine, theirs)) return false
    extra -= 1
  }
  return extra === 0
}

/** Every member as its path of elements: first those of a level, then what is below them, as servers list conflicts. */
export function* pathsOf(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const elements = Object.keys(set)
    .filter((element) => element !== self)
    .toSorted()
  for (const element of elements) if (hasMember(set, element)) yield [...prefix, element]
  for (const element of elements) {
    const child = set[element]
    if (child !== undefined && !isEmpty(child)) yield* pathsOf(child, [...prefix, element])
  }
}

/** A node of a set under construction: its children, and whether it is a member itself. */
export function nodeOf(children: MutableSet, member: boolean): FieldSet | undefined {
  if (isEmpty(children)) return member ? leaf : undefined
  return finish(children, member)
}

/** Whether a value read from an object is a tree of path elements. */
export function isFieldSet(value: unknown): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([element, child]) => (element === self || /^[fkvi]:/.test(element)) && isFieldSet(child),
  )
}
