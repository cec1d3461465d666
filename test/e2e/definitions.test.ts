import { headCrds } from '../../src/contract/crds/head/all.ts'
import { describe, expect, test } from 'vitest'
import { home, homeEnvironment } from '../helpers/home.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const one = "{ network: { validators: 1 }, followers: 0, embedded: { definitions: 'own' } }"
const suite = `
import { test, expect } from 'vitest-environment-sei/test'
test('a network', async ({ network }) => expect(await network.latestHeight()).toBeGreaterThan(0))
`

describe.concurrent('definitions of a folder', () => {
  test('behavior: a run has those of its option, relative to the project root, and says so', async () => {
    const files = headCrds.map((crd) => [`project/own/${crd.metadata.name}.json`, JSON.stringify(crd)])
    await using project = await tempProject({
      ...(Object.fromEntries(files) as Record<string, string>),
      'project/vitest.config.ts': defaultConfig(one),
      'project/a.test.ts': suite,
    })
    const { exitCode, all } = await project.start(['run', '--root', 'project'])
    expect(exitCode, all).toBe(0)
    expect(all).toMatch(/cluster ready: [^\n]*definitions of [^\n]*project\/own/)
  })

  test('error: a folder without them ends the run with 64, and nothing is started', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'own/readme.yaml': 'kind: List',
      'a.test.ts': suite,
    })
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(64)
    expect(output).toMatch(/own does not define seinetworks\.sei\.io/)
    expect(receipt).toMatchObject({ existed: [], left: [] })
  })

  test('behavior: without the option the environment’s are used', async () => {
    await using project = await tempProject({ 'a.test.ts': suite })
    const { SEI_DEFINITIONS = 'nowhere', ...mode } = homeEnvironment()
    const { exitCode, output } = await project.run([], { ...mode, SEI_DEFINITIONS })
    expect(exitCode, output).toBe(home().definitions === undefined ? 64 : 0)
    expect(output).toContain(home().definitions ?? 'nowhere cannot be read')
  })
})
