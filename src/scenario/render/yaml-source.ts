import { isNode, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { isPlainObject } from '../../contract/checks.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'

/** From the document's root to a value in it. */
export type Path = readonly (string | number)[]

/** One parsed YAML document that can say where in its file a value stands. */
export interface YamlSource {
  readonly document: Document.Parsed
  /** The document as plain values, as it is now. */
  readonly value: () => unknown
  /** `release-test.yaml:12:7 spec.templates[2].deadline`; of a value that is missing, where it is missing from. */
  readonly at: (path: Path) => string
  readonly atNode: (node: Node) => string
}

/** Reads the one document of a Workflow file. Throws a usage error with line and column of each mistake. */
export function parseYaml(text: string, file: string): YamlSource {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter, merge: true, prettyErrors: false })
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const list: readonly Document.Parsed[] = Array.isArray(documents) ? documents : []
  const mistakes = list
    .flatMap(({ errors }) => errors)
    .map(({ message, pos }) => mistake(message, place(pos[0])))
  // One slip of indentation is followed by others that come from it.
  if (mistakes.length > 0) throw usageError(mistakes.slice(0, 1))
  const [document, second] = list.filter(({ contents }) => contents !== null)
  if (document === undefined) throw usageError([wrongCount(file, 'is empty')])
  if (second !== undefined)
    throw usageError([wrongCount(place(second.range[0]), 'has more than one YAML document')])
  const value = (): unknown => plain(document, file)
  value()
  return {
    document,
    value,
    at: (path) => describePlace(document, path, place),
    atNode: ({ range }) => (range ? place(range[0]) : file),
  }
}

/** A hundred uses of anchors are plenty; a file of nothing but anchors unfolds without end. */
function plain(document: Document.Parsed, file: string): unknown {
  try {
    return withoutNulls(document.toJS({ maxAliasCount: 100 }))
  } catch (error) {
    throw usageError([mistake(error instanceof Error ? error.message : String(error), file)])
  }
}

/** A field without a value is one that is not there: the API server reads it so too. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isPlainObject(value)) return value
  const fields = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]))
}

function describePlace(document: Document.Parsed, path: Path, place: (offset: number) => string): string {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return `${place(node.range[0])} ${dotted(path)}`.trim()
  }
  return dotted(path)
}

/** `['spec', 'templates', 2, 'name']` → `spec.templates[2].name`. */
function dotted(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('')
}

function mistake(message: string, where: string): Problem {
  const [reason = ''] = message.split('\n')
  return {
    what: `this is not YAML (${reason})`,
    where,
    expected: 'one YAML document with a Workflow',
    fix: 'correct the line',
  }
}

function wrongCount(where: string, what: string): Problem {
  return {
    what: `the file ${what}`,
    where,
    expected: 'one YAML document with a Workflow',
    fix: 'keep the Workflow alone in its file',
  }
}
