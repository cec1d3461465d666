import { resolve } from 'node:path'
import { eras } from '../contract/crds/eras.ts'
import { atFolder } from '../clusters/image-commands.ts'
import { runOptionNames } from '../contract/check-options.ts'
import type { Checked } from '../contract/problem.ts'
import type { PluginOptions, RunOptions } from '../contract/spec.ts'

/**
 * The options of the run, of all that projects say: there is one run, whichever project an option stands in. Projects may
 * leave out what another says; two that say different things are refused.
 */
export function runOptionsOf(projects: readonly PluginOptions[]): Checked<RunOptions> {
  const said = new Map<keyof RunOptions, { value: unknown; text: string }>()
  const textOf = comparable()
  for (const options of projects) {
    for (const name of runOptionNames) {
      if (options[name] === undefined) continue
      const text = textOf(options[name])
      const known = said.get(name)
      if (known !== undefined && known.text !== text)
        return { ok: false, problems: [disagreement(name, known.text, text)] }
      said.set(name, { value: options[name], text })
    }
  }
  return { ok: true, value: Object.fromEntries([...said].map(([name, { value }]) => [name, value])) }
}

/** Values as text that is equal where they are: JSON, and each function by a number of its own. */
function comparable(): (value: unknown) => string {
  const known: unknown[] = []
  return (value) =>
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner !== 'function') return inner
      if (!known.includes(inner)) known.push(inner)
      return `function ${known.indexOf(inner) + 1}`
    })
}

/** The options with the paths of a simulated cluster made absolute: they are relative to `root`, as the run folder is. */
export function atRoot(options: RunOptions, root: string): RunOptions {
  const { embedded } = options
  if (embedded === undefined) return options
  const { definitions, images, ...others } = embedded
  const isFolder = definitions !== undefined && !eras.some((era) => era === definitions)
  return {
    ...options,
    embedded: {
      ...others,
      ...(definitions === undefined
        ? {}
        : { definitions: isFolder ? resolve(root, definitions) : definitions }),
      ...(images === undefined ? {} : { images: atFolder(images, root) }),
    },
  }
}

function disagreement(name: string, one: string, other: string) {
  return {
    what: `projects disagree about ${name}: ${one} and ${other}`,
    where: 'sei(options) in the Vitest config',
    expected: `one ${name} for the whole run`,
    fix: `set ${name} in one sei() at the root of the config; projects may differ in network and followers`,
  }
}
