/** One step of a path: a property (`a` → `.a`), a list index (2 → `[2]`) or, with a leading `[`, text used as it is. */
export type Segment = string | number

/** Text of a path without its leading dot; the empty path is `<nil>`, as Kubernetes prints the whole object. */
export function pathText(segments: readonly Segment[]): string {
  return segments.length === 0 ? '<nil>' : dottedPath(segments)
}

/** Text of a path without its leading dot; the empty path is empty. */
export function dottedPath(segments: readonly Segment[]): string {
  let text = ''
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`
    else if (segment.startsWith('[')) text += segment
    else text += text === '' ? segment : `.${segment}`
  }
  return text
}

/** A key of a map whose keys are data: `[key]`. */
export function keySegment(key: string): string {
  return `[${key}]`
}
