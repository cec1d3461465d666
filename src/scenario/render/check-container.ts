import { isPlainObject, show } from '../../contract/checks.ts'
import { dns1 } from '../../contract/names.ts'
import type { Findings } from './check-workflow.ts'
import { runsShell } from './shell-program.ts'
import type { Path } from './yaml-source.ts'

/** What a pod's one container needs, and the texts in it that YAML likes to read as something else. */
export function checkContainer(container: unknown, path: Path, findings: Findings): void {
  if (!isPlainObject(container))
    return findings.add(
      path,
      `the container is ${show(container)}`,
      'a mapping with name and image',
      'write one',
    )
  const { name, image } = container
  if (typeof name !== 'string' || !dns1.test(name) || name.length > 63)
    findings.add(
      [...path, 'name'],
      `${show(name)} is not the name of a container`,
      'lower-case letters, digits and dashes',
      'name it',
    )
  if (typeof image !== 'string' || image.trim() === '' || /\s/.test(image))
    findings.add(
      [...path, 'image'],
      `${show(image)} is not an image`,
      'an image reference',
      'write the image',
    )
  for (const field of ['command', 'args']) checkTexts(container[field], [...path, field], findings)
  checkEnv(container['env'], [...path, 'env'], findings)
  checkExpansions(container, path, findings)
}

/**
 * The kubelet leaves `$(NAME)` as it is where the container has no NAME: the program then gets those letters as its
 * argument. With `envFrom` only the run can tell; in a shell program it is a command.
 */
function checkExpansions(container: Record<string, unknown>, path: Path, findings: Findings): void {
  const lists = ['command', 'args'].map((field) => [field, list(container[field])] as const)
  if (list(container['envFrom']).length > 0 || runsShell(lists.flatMap(([, texts]) => texts))) return
  const names = list(container['env']).map((entry) => (isPlainObject(entry) ? entry['name'] : undefined))
  for (const [field, texts] of lists)
    for (const [index, text] of texts.entries())
      for (const [written, name = ''] of String(text).matchAll(/(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g))
        if (!names.includes(name))
          findings.add(
            [...path, field, index],
            `${written} is the value of nothing`,
            `${name} in env, or envFrom`,
            `define it, or write $${written}`,
          )
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function checkTexts(list: unknown, path: Path, findings: Findings): void {
  if (list === undefined) return
  if (!Array.isArray(list))
    return findings.add(path, `${show(list)} is not a list`, 'a list of texts', 'write a list')
  for (const [index, item] of list.entries())
    if (typeof item !== 'string')
      findings.add([...path, index], `${show(item)} is not a text`, 'a list of texts', quoted(item))
}

function checkEnv(env: unknown, path: Path, findings: Findings): void {
  if (env === undefined) return
  if (!Array.isArray(env))
    return findings.add(path, `${show(env)} is not a list`, 'a list of name and value', 'write a list')
  for (const [index, entry] of env.entries()) {
    const where = [...path, index]
    if (!isPlainObject(entry) || typeof entry['name'] !== 'string' || entry['name'] === '')
      findings.add(where, `${show(entry)} has no name`, 'name with value or valueFrom', 'name the variable')
    else if (entry['value'] !== undefined && typeof entry['value'] !== 'string')
      findings.add(
        [...where, 'value'],
        `${show(entry['value'])} is not a text`,
        'a text',
        quoted(entry['value']),
      )
  }
}

function quoted(value: unknown): string {
  return typeof value === 'object' ? 'write a text' : `write "${String(value)}" in quotes`
}
