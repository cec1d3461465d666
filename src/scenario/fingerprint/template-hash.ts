import { canonicalHash } from '../../contract/canonical.ts'

export type Files = ReadonlyMap<string, string>

/** Templates among the files of a scenario: what steps read from their image. */
export function templatesAmong(files: Files): Files {
  return new Map([...files].filter(([path]) => path.endsWith('.tmpl')))
}

/** Without what changes nothing: comments, blank lines, which quotes were used, and where. */
function essence(template: string): string {
  const lines = template.split('\n').map((line) =>
    line
      .replace(/(^|\s)#.*$/, '')
      .trimEnd()
      .replaceAll("'", '"'),
  )
  return lines.filter((line) => line !== '').join('\n')
}

/** Of the templates of one scenario, by path within its folder. */
export function templatesHash(files: Files): string {
  const essences = [...templatesAmong(files)].map(([path, text]): [string, string] => [path, essence(text)])
  return canonicalHash(Object.fromEntries(essences))
}

/** Paths of the templates that differ, or that only one side has. */
export function differingTemplates(one: Files, other: Files): string[] {
  const [a, b] = [templatesAmong(one), templatesAmong(other)]
  const same = (path: string): boolean => {
    const [left, right] = [a.get(path), b.get(path)]
    return left !== undefined && right !== undefined && essence(left) === essence(right)
  }
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => !same(path)).toSorted()
}
