import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { annotations } from '../../contract/labels.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import { placeholderName } from './declared-placeholders.ts'
import type { PlaceholderList } from './known-placeholders.ts'
import { runsShell } from './shell-program.ts'

const token = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g
/** What a shell reads as one word, whatever stands around it. */
const shellWord = /^[A-Za-z0-9._:/@+,=-]+$/

export interface Substitution {
  readonly list: PlaceholderList
  readonly values: ReadonlyMap<string, string>
  /** Of a scalar, for messages. */
  readonly at: (node: Scalar) => string
}

type Ancestors = readonly (Document | Node | Pair)[]

/**
 * Puts values into the scalars of a parsed document: whatever a value holds, it cannot become YAML. `$NAME` is replaced where
 * NAME is a placeholder, and so is `${NAME}` but in a shell program whose container defines that variable itself. Other names
 * are a program's own variables within one, and refused everywhere else. Returns what was used.
 */
export function substitute(document: Document, substitution: Substitution): Readonly<Record<string, string>> {
  const problems = new Map<string, Problem>()
  const used = new Map<string, string>()
  visit(document, {
    Scalar: (_key, node, path) => {
      if (typeof node.value !== 'string' || !node.value.includes('$')) return
      const program = programOf(path)
      const whole = node.type === 'PLAIN' && program === undefined && takesNumber(path)
      const [only] = whole ? [...node.value.matchAll(token)].filter(([text]) => text === node.value) : []
      node.value = node.value.replace(token, (text, braced: string | undefined, bare: string | undefined) => {
        const name = braced ?? bare ?? ''
        const found = valueFor(name, braced !== undefined, program, substitution, () => substitution.at(node))
        if (typeof found === 'string') {
          used.set(name, found)
          return found
        }
        if (found !== undefined) problems.set(`${name} ${found.what}`, found)
        return text
      })
      const name = only?.[1] ?? only?.[2] ?? ''
      if (substitution.list.get(name)?.type === 'integer') node.value = Number(node.value)
    },
  })
  if (problems.size > 0) throw usageError([...problems.values()])
  return Object.fromEntries(used)
}

/** A value to put in, a problem, or nothing where the text stays as it is. */
function valueFor(
  name: string,
  braced: boolean,
  program: Program | undefined,
  { list, values }: Substitution,
  where: () => string,
): string | Problem | undefined {
  if (!list.has(name))
    return program !== undefined || !placeholderName.test(name) ? undefined : undeclared(name, where())
  if (braced && program?.variables.has(name) === true) return undefined
  const value = values.get(name)
  if (value === undefined) return missing(name, where())
  if (program !== undefined && !shellWord.test(value)) return unsafe(name, value, where())
  return value
}

interface Program {
  /** Names in the environment that its container defines. */
  readonly variables: ReadonlySet<string>
}

/** The shell program that a scalar of `command` or `args` is part of. */
function programOf(path: Ancestors): Program | undefined {
  const at = path.findLastIndex((part) => isPair(part) && /^(command|args)$/.test(keyOf(part)))
  const container = at > 0 ? path[at - 1] : undefined
  if (!isMap(container)) return undefined
  if (!runsShell([...textsOf(container, 'command'), ...textsOf(container, 'args')])) return undefined
  const env = container.get('env')
  const variables = isSeq(env) ? env.items.map((item) => (isMap(item) ? String(item.get('name')) : '')) : []
  return { variables: new Set(variables) }
}

function textsOf(container: YAMLMap, field: string): string[] {
  const list = container.get(field)
  return isSeq(list) ? list.items.map((item) => String(isScalar(item) ? item.value : '')) : []
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

const texts = /^(name|value|image|command|args|env|labels|annotations|deadline|labelSelectors|namespaces)$/

/** Whether a number may stand here: the fields of a Workflow that hold one are never below these. */
function takesNumber(path: Ancestors): boolean {
  return !path.some((part) => isPair(part) && texts.test(keyOf(part)))
}

function undeclared(name: string, where: string): Problem {
  return {
    what: `the scenario has no placeholder $${name}`,
    where,
    expected: `placeholders that the annotation ${annotations.placeholders} lists, or that are known of this scenario`,
    fix: `declare it, or add --placeholder ${name}`,
  }
}

function missing(name: string, where: string): Problem {
  return {
    what: `there is no value for $${name}`,
    where,
    expected: `a value for every placeholder`,
    fix: `add --var ${name}=<value>`,
  }
}

function unsafe(name: string, value: string, where: string): Problem {
  return {
    what: `${JSON.stringify(value)} would be read by the shell as more than a word`,
    where,
    expected: `a value of letters, digits and . _ : / @ + , = - for $${name}, which stands in a shell program`,
    fix: `change the value, or pass it by env in the scenario`,
  }
}
