import { isPlainObject, refuse, show } from './checks.ts'
import type { Checked } from './problem.ts'

const comment = /@(?:vitest|jest)-environment-options\s+(.+)/
const environment = /@(?:vitest|jest)-environment\s+([\w-]+)\b/

/** The place that problems of a file's docblock name. */
export function docblockPlace(file: string): string {
  return `${file} @vitest-environment-options`
}

/**
 * The object in a test file's `// @vitest-environment-options {…}`, or `undefined` where there is none. It finds what
 * Vitest finds: the first match anywhere in the text, either spelling, up to the end of the line, without a closing
 * comment mark. Vitest itself reads this only after global set-up, and a mistake there ends the whole run. Options of a
 * file that names another environment, such as jsdom, are not ours to read.
 */
export function parseDocblock(fileText: string, file: string): Checked<Record<string, unknown> | undefined> {
  const found = comment.exec(fileText)?.[1]
  const named = environment.exec(fileText)?.[1] ?? 'sei'
  if (found === undefined || named !== 'sei') return { ok: true, value: undefined }
  const where = docblockPlace(file)
  const source = found.endsWith('*/') ? found.slice(0, -2) : found
  try {
    const value: unknown = JSON.parse(source)
    if (isPlainObject(value)) return { ok: true, value }
    return refuse({
      what: `${show(value)} is not an object`,
      where,
      expected: 'one JSON object',
      fix: 'write the options in braces, such as {"followers":3}',
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return refuse({
      what: isOpen(source) ? 'the JSON does not end on its line' : `the text is not JSON (${reason})`,
      where,
      expected: 'one JSON object on one line',
      fix: isOpen(source)
        ? 'put the whole object on the line of the comment'
        : 'use double quotes, no comments and no comma at the end: {"followers":3}',
    })
  }
}

/** More brackets open than close outside strings: the rest is on the next line, which Vitest does not read. */
function isOpen(source: string): boolean {
  const bare = source.replace(/"(?:\\.|[^"\\])*"/g, '')
  return bare.replace(/[^{[]/g, '').length > bare.replace(/[^}\]]/g, '').length
}
