import { show } from '../../contract/checks.ts'

/** Why a branch's expression cannot be evaluated, as far as its brackets, quotes and operators tell; else nothing. */
export function expressionMistake(expression: unknown): string | undefined {
  if (typeof expression !== 'string' || expression.trim() === '')
    return `the expression is ${expression === undefined ? 'missing' : show(expression)}`
  const bare = expression.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, ' "" ').trim()
  if (/["'`]/.test(bare.replaceAll('""', ''))) return `the quotes of ${show(expression)} do not match`
  if (!balanced(bare)) return `the brackets of ${show(expression)} do not match`
  if (/(^|[^=!<>])=($|[^=])/.test(bare)) return `${show(expression)} assigns: equality is ==`
  if (/([=<>!&|+\-*/,.]|\b(?:and|or|not|in|matches|contains|startsWith|endsWith))$/.test(bare))
    return `${show(expression)} ends with an operator`
  if (/^([=<>&|*/,]|(?:and|or|in|matches|contains|startsWith|endsWith)\b)/.test(bare))
    return `${show(expression)} begins with an operator`
  return undefined
}

function balanced(text: string): boolean {
  const closing: string[] = []
  for (const sign of text) {
    const end = { '(': ')', '[': ']', '{': '}' }[sign]
    if (end !== undefined) closing.push(end)
    else if (/[)\]}]/.test(sign) && closing.pop() !== sign) return false
  }
  return closing.length === 0
}
