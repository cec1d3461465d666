import { describe, expect, test } from 'vitest'
import { created } from '../helpers/run-events.ts'
import { tempProject, type TempProject } from '../helpers/temp-project.ts'

const one = 'network: { validators: 1 }, followers: 0'

/** Writes what the file got to `<project>.json`. */
const suite = `
import { writeFileSync } from 'node:fs'
import { inject } from 'vitest'
import { test } from 'vitest-environment-sei/test'
test('tells', ({ network, followers }) => {
  writeFileSync(inject('own') + '.json', JSON.stringify({ network: network.name, followers: followers.length }))
})
`

/** A config with two projects; each argument is the plugins of its level. */
function config(root: string, first: string, second: string): string {
  const project = (name: string, plugins: string): string =>
    `{ extends: true, plugins: [${plugins}], test: { name: '${name}', provide: { own: '${name}' } } }`
  return `
import { defineConfig } from 'vitest/config'
import { sei } from 'vitest-environment-sei/plugin'
export default defineConfig({
  plugins: [${root}],
  test: { projects: [${project('first', first)}, ${project('second', second)}] },
})`
}

async function projectsOf(root: string, first: string, second: string): Promise<TempProject> {
  return tempProject({ 'vitest.config.ts': config(root, first, second), 'a.test.ts': suite })
}

async function told(project: TempProject, name: string): Promise<{ network: string; followers: number }> {
  return JSON.parse(await project.read(`${name}.json`)) as { network: string; followers: number }
}

describe.concurrent('two Vitest projects', () => {
  test('default: sei() at the root serves both, and equal specs share a network across them', async () => {
    await using project = await projectsOf(`sei({ ${one} })`, '', '')
    const { exitCode, output, events, receipt } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(created(events)).toHaveLength(1)
    expect(await told(project, 'first')).toEqual(await told(project, 'second'))
    expect(receipt?.left).toEqual([])
  })

  test('behavior: each may have its own sei(), in one run', async () => {
    await using project = await projectsOf(
      '',
      `sei({ ${one}, maxNetworks: 2 })`,
      'sei({ network: { validators: 1 }, followers: 2 })',
    )
    const { exitCode, output, events } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(created(events)).toHaveLength(2)
    expect((await told(project, 'first')).followers).toBe(0)
    expect((await told(project, 'second')).followers).toBe(2)
  })

  test('behavior: what a project says goes over what the root says', async () => {
    await using project = await projectsOf(`sei({ ${one}, maxNetworks: 1 })`, '', 'sei({ followers: 2 })')
    const { exitCode, output, events } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(created(events)).toHaveLength(2)
    expect((await told(project, 'first')).followers).toBe(0)
    expect((await told(project, 'second')).followers).toBe(2)
    expect(output.match(/mode e/g)).toHaveLength(1)
  })

  test('error: options of the run that disagree end with 64', async () => {
    await using project = await projectsOf('', 'sei({ maxNetworks: 1 })', 'sei({ maxNetworks: 2 })')
    const { exitCode, output, folder } = await project.run()
    expect(exitCode, output).toBe(64)
    expect(output).toMatch(/projects disagree about maxNetworks: 1 and 2.*Fix: /)
    expect(folder).toBeUndefined()
  })

  test('error: a project without sei() is told which line is missing', async () => {
    await using project = await projectsOf('', `sei({ ${one} })`, '')
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/the sei\(\) plugin is not in the Vitest config of this project/)
    expect(receipt?.left).toEqual([])
  })
})
