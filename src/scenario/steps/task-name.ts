import { createHash } from 'node:crypto'

/**
 * Name of the SeiNodeTask for a template and its variables: equal inputs meet the same object, so that a step which runs
 * twice sends no second transaction. `<kind>[-<NODE>]-<10 hex digits>`.
 */
export function taskName(kind: string, template: string, vars: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(template)
  for (const key of Object.keys(vars).toSorted()) hash.update(`\0${key}=${vars[key]}`)
  const kebab = kind.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
  const node = labelOf(vars['NODE'] ?? '')
  return [kebab, ...(node === '' ? [] : [node]), hash.digest('hex').slice(0, 10)].join('-')
}

function labelOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 40)
    .replace(/-+$/, '')
}
