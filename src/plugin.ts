import './contract/node-version.ts'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import type { PluginOptions } from './contract/spec.ts'

export type { FollowerOptions, PluginOptions, RunOptions, SpecOptions } from './contract/spec.ts'

const here = import.meta.url
const setupFile = fileURLToPath(
  new URL(here.endsWith('.ts') ? './runner/setup.ts' : './runner/setup.js', here),
)

/**
 * The Vitest plugin: `plugins: [sei({ network: { validators: 4 }, followers: 2 })]`.
 *
 * Takes SIGINT and SIGTERM over from Vitest (whose own handling runs no clean-up), starts provisioning when a run starts,
 * deletes everything when Vitest closes, and decides the exit code. It does nothing for `vitest list` and
 * merged reports. Throws BAD_OPTIONS (exit code 64) at start-up when the options are wrong.
 *
 * @param options spec and run options; every default is in the docs of `PluginOptions`
 */
export function sei(options: PluginOptions = {}): Plugin {
  return {
    name: 'vitest-environment-sei',
    async configureVitest({ vitest, project }) {
      const [{ attachPlugin }, { SeiReporter }] = await Promise.all([
        import('./run/attach-plugin.ts'),
        import('./runner/reporter.ts'),
      ])
      attachPlugin({ vitest, project, options, setupFile, reporter: new SeiReporter() })
    },
  }
}
