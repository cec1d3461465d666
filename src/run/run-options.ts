import { runOptionNames } from '../contract/check-options.ts'
import type { Checked } from '../contract/problem.ts'
import type { PluginOptions, RunOptions } from '../contract/spec.ts'

/**
 * The options of the run, of all that projects say: there is one run, whichever project an option stands in. Projects may
 * leave out what another says; two that say different things are refused.
 */
export function runOptionsOf(projects: readonly PluginOptions[]): Checked<RunOptions> {
  const said = new Map<keyof RunOptions, string>()
  for (const options of projects) {
    for (const name of runOptionNames) {
      if (options[name] === undefined) continue
      const value = JSON.stringify(options[name])
      const known = said.get(name) ?? value
      if (known !== value) return { ok: false, problems: [disagreement(name, known, value)] }
      said.set(name, value)
    }
  }
  const merged = Object.fromEntries([...said].map(([name, value]) => [name, JSON.parse(value) as unknown]))
  return { ok: true, value: merged }
}

function disagreement(name: string, one: string, other: string) {
  return {
    what: `projects disagree about ${name}: ${one} and ${other}`,
    where: 'sei(options) in the Vitest config',
    expected: `one ${name} for the whole run`,
    fix: `set ${name} in one sei() at the root of the config; projects may differ in network and followers`,
  }
}
