import type { TestProject, Vitest } from 'vitest/node'
import { checkPluginOptions } from '../contract/check-options.ts'
import { defaults } from '../contract/defaults.ts'
import type { PluginOptions } from '../contract/spec.ts'
import { sessionOf, type Session } from './session.ts'

const attached = new WeakSet<object>()

/** Wires one project to its Vitest's session: environment, set-up file, reporters, time for the teardown. */
export function attachPlugin(at: {
  vitest: Vitest
  project: TestProject
  options: PluginOptions
  setupFile: string
  /** Prints the run's progress; left out when the config names it itself. */
  reporter: object
}): void {
  const { vitest, project, options, setupFile } = at
  if (vitest.config.mergeReports !== undefined && vitest.config.mergeReports !== '') return
  const session: Session = sessionOf(vitest)
  checkVersions(vitest.version)
  const checked = checkPluginOptions(options)
  if (!checked.ok) session.refuse(checked.problems)
  session.addProject(project, checked.value)
  // In a VM pool Vitest's own stays: ours only keeps signals from workers.
  const inVm = project.config.pool.startsWith('vm')
  if (project.config.environment === 'node' && !inVm) project.config.environment = 'sei'
  if (!project.config.setupFiles.includes(setupFile)) project.config.setupFiles.unshift(setupFile)
  if (attached.has(session)) return
  attached.add(session)
  vitest.config.teardownTimeout = Math.max(vitest.config.teardownTimeout, defaults.teardownTimeoutMs)
  const { reporters } = vitest.config
  reporters.push(session.reporter as never)
  if (!reporters.some((entry) => isProgressReporter(entry, at.reporter))) reporters.push(at.reporter as never)
}

/** Named by its door, with options or without, or made by the config itself. */
function isProgressReporter(entry: unknown, ours: object): boolean {
  const named: unknown = Array.isArray(entry) ? entry[0] : entry
  if (typeof named === 'string') return named.includes('vitest-environment-sei/reporter')
  return typeof named === 'object' && named !== null && named.constructor.name === ours.constructor.name
}

function checkVersions(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 5 || (major === 5 && minor >= 1)) return
  throw new Error(
    `vitest-environment-sei needs Vitest 5.1 or newer; this is ${version}. Fix: npm i -D vitest@latest`,
  )
}
