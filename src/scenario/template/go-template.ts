import { Evaluation } from './evaluate.ts'
import { parseTemplate } from './parse.ts'

/**
 * Renders a template of Go's text/template over string values: pipelines, if, with, range, variables, and the functions in
 * functions.ts. A key that is missing is an error, as with `missingkey=error`; `index . "KEY"` gives the empty string for one.
 * Throws BAD_INPUT with `name`, line and column.
 */
export function goTemplate(
  text: string,
  values: Readonly<Record<string, string>>,
  name: string = 'template',
): string {
  return new Evaluation(values).run(parseTemplate(name, text), values)
}
