import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultConfig, tempProject, type TempProject } from '../helpers/temp-project.ts'

const suite = `
import { test, expect } from 'vitest-environment-sei/test'
test('a network', async ({ network }) => expect(await network.latestHeight()).toBeGreaterThan(0))
`
const one = '{ network: { validators: 1 }, followers: 0 }'

async function project(options = one): Promise<TempProject> {
  return tempProject({ 'vitest.config.ts': defaultConfig(options), 'mode.test.ts': suite })
}

describe.concurrent('modes', () => {
  const running: readonly { title: string; env: Record<string, string>; options: string; says: string }[] = [
    {
      title: 'none named on a laptop',
      env: {},
      options: one,
      says: 'mode embedded, simulated (from default)',
    },
    {
      title: 'CI set to false',
      env: { CI: 'false' },
      options: one,
      says: 'mode embedded, simulated (from default)',
    },
    {
      title: 'SEI_EMBEDDED in CI',
      env: { CI: 'true', SEI_EMBEDDED: '' },
      options: one,
      says: 'mode embedded, simulated (from SEI_EMBEDDED)',
    },
    {
      title: 'the option in a pod, over the environment',
      env: { KUBERNETES_SERVICE_HOST: '10.96.0.1', SEI_NODE_CLUSTER: '1' },
      options: "{ mode: 'embedded', network: { validators: 1 }, followers: 0 }",
      says: 'mode embedded, simulated (from option)',
    },
  ]
  test.for(running)('default: $title runs', async ({ env, options, says }) => {
    await using own = await project(options)
    const { exitCode, output, receipt } = await own.run([], env)
    expect(exitCode, output).toBe(0)
    const [first = ''] = output.split('\n').filter((line) => line.startsWith(' sei '))
    expect(first).toContain(says)
    expect(receipt).toMatchObject({ simulated: true, left: [] })
  })

  const refused: readonly { title: string; env: Record<string, string>; names: RegExp }[] = [
    { title: 'none named in CI', env: { CI: 'true' }, names: /CI is set.*SEI_EMBEDDED=1/s },
    {
      title: 'none named in a pod',
      env: { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
      names: /KUBERNETES_SERVICE_HOST is set/,
    },
    {
      title: 'two named',
      env: { SEI_NODE_CLUSTER: '1', SEI_EMBEDDED: '1' },
      names: /SEI_NODE_CLUSTER and SEI_EMBEDDED are both set/,
    },
    {
      title: 'a mode and endpoints',
      env: { SEI_EMBEDDED: '1', RPC_TM_RPC: 'http://127.0.0.1:26657' },
      names: /SEI_EMBEDDED and RPC_TM_RPC are both set/,
    },
    {
      title: 'an unexpanded reference',
      env: { SEI_EMBEDDED: '1', RPC_EVM_RPC: 'http://$(HOST):8545' },
      names: /environment variable RPC_EVM_RPC: .*\$\(HOST\)/,
    },
    { title: 'a mode that is not built yet', env: { SEI_KIND: 'sei' }, names: /kind/ },
    { title: 'endpoints alone', env: { RPC_TM_RPC: 'http://127.0.0.1:26657' }, names: /attach/ },
  ]
  test.for(refused)('error: $title ends with 64 before anything is created', async ({ env, names }) => {
    await using own = await project()
    const { exitCode, output } = await own.run([], env)
    expect(exitCode, output).toBe(64)
    expect(output).toMatch(names)
    expect(output.match(names)).toHaveLength(1)
    expect(await readdir(join(own.root, '.sei', 'runs')).catch(() => [])).toEqual([])
  })

  test('behavior: vitest list asks for no mode and starts nothing', async () => {
    await using own = await project()
    const { exitCode, all } = await own.start(['list'], { CI: 'true' })
    expect(exitCode, all).toBe(0)
    expect(all).toContain('a network')
    expect(all).not.toContain('mode embedded')
  })
})
