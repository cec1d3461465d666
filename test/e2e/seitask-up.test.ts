import { execa } from 'execa'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { home, homeArguments } from '../helpers/home.ts'
import { environmentOf, leftIn, seitask, type Seitask } from '../helpers/named-cluster.ts'
import { processesOf } from '../helpers/processes.ts'
import { tempProject } from '../helpers/temp-project.ts'

const file = `
import { test, expect } from 'vitest-environment-sei/test'
test('follows', async ({ network, followers }) => {
  const head = await network.latestHeight()
  for (const node of followers) expect(await node.evmBlockNumber()).toBeGreaterThanOrEqual(head)
})
`

interface Recorded {
  readonly state: string
  readonly keeper: { readonly pid: number; readonly born: string }
  readonly cluster?: { readonly pid: number }
}

async function recorded(cli: Seitask): Promise<Recorded> {
  return JSON.parse(await readFile(join(cli.folder(), 'cluster.json'), 'utf8')) as Recorded
}

async function untilState(cli: Seitask, state: string): Promise<void> {
  const found = (): Promise<string> =>
    recorded(cli).then(
      (record) => record.state,
      () => 'none',
    )
  await expect.poll(found, { timeout: 30_000, interval: 5 }).toBe(state)
}

async function statusOf(cli: Seitask): Promise<Record<string, unknown>> {
  const { json } = await cli.run('status', '--json')
  const [cluster = {}] = json['clusters'] as Record<string, unknown>[]
  return cluster
}

test('default: up, two runs on it, down, and nothing is left', async () => {
  const cli = await seitask()
  const up = await cli.up('--json')
  expect(up).toMatchObject({ exitCode: 0, json: { event: 'up', began: true, simulated: true } })
  const environment = await environmentOf(cli)
  await using project = await tempProject({ 'follows.test.ts': file })
  for (const _ of ['cold', 'warm']) {
    const { exitCode, output, receipt } = await project.run([], environment)
    expect(exitCode, output).toBe(0)
    expect(output).toContain('mode k8s')
    expect(output).toContain('simulated, clock ×200')
    expect(receipt).toMatchObject({ left: [] })
    expect(await leftIn(environment['KUBECONFIG'] ?? '')).toEqual([])
  }
  const { json } = await cli.run('status', '--json')
  expect(json).toMatchObject({ clusters: [{ name: 'default', state: 'ready', networks: [] }] })
  expect(await cli.run('down', '--json')).toMatchObject({ exitCode: 0, json: { ended: true } })
  await cli.expectNothingLeft()
})

describe('up', () => {
  test('behavior: up again finds the same cluster, belongs to no terminal, and keeps what it can to its user', async () => {
    const cli = await seitask()
    const first = await cli.up('--json')
    const again = await cli.up('--json')
    const pid = first.json['pid']
    expect(again.json).toMatchObject({ began: false, pid, kubeconfigPath: first.json['kubeconfigPath'] })
    const { stdout } = await execa('ps', ['-o', 'sid=', '-p', String(pid)])
    expect(Number(stdout)).toBe(pid)
    const { stdout: modes } = await execa('find', [cli.folder(), '-perm', '/077'])
    expect(modes.split('\n').filter((path) => path !== '')).toEqual([])
  })

  test('behavior: with a network, which up proves ready, adds followers to, and leaves as it is', async () => {
    const cli = await seitask()
    const up = await cli.up('--validators', '3', '--followers', '1', '--json')
    expect(up.json).toMatchObject({ began: true, network: { name: 'devnet' } })
    const more = await cli.up('--validators', '3', '--followers', '2')
    expect(more.stdout).toMatch(/devnet is ready: 3 validators, 2 followers\n(.*\n){4} +devnet-rpc-1 +http:/)
    const { networks } = (await statusOf(cli)) as { networks: { nodes: { height: number }[] }[] }
    expect(networks).toMatchObject([{ name: 'devnet', phase: 'Ready' }])
    expect(networks[0]?.nodes.map(({ height }) => height > 1)).toEqual([true, true, true, true, true])
    const other = await cli.up('--validators', '4')
    expect(other).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('write --validators 3') })
    const { mode } = home()
    const refused = await cli.run('up', mode === 'embedded' ? '--envtest' : '--embedded')
    expect(refused).toMatchObject({ exitCode: 64, stderr: expect.stringContaining(`is up in mode ${mode}`) })
    const june = await cli.up('--definitions', 'june')
    expect(june).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining(`with the definitions of ${home().definitions ?? 'head'}`),
    })
    expect(await cli.up('--definitions', home().definitions ?? 'head')).toMatchObject({ exitCode: 0 })
  })

  test('behavior: of two at once one starts the cluster and the other finds it', async () => {
    const cli = await seitask()
    const both = await Promise.all([cli.up('--json'), cli.up('--json')])
    expect(both.map(({ json }) => json['began']).toSorted()).toEqual([false, true])
    expect(both[0].json['pid']).toBe(both[1].json['pid'])
    expect(await processesOf(cli.state, '/named/main.')).toEqual([both[0].json['pid']])
  })

  test('behavior: cancelled while its network starts it undoes everything', async () => {
    const cli = await seitask()
    const running = cli.start(['up', ...homeArguments(), '--validators', '4', '--rate', '1'])
    await untilState(cli, 'ready')
    running.kill('SIGINT')
    expect((await running).exitCode).toBe(130)
    await cli.expectNothingLeft()
  })

  test('behavior: killed while the cluster starts it leaves nothing, and its lock stops nobody', async () => {
    const cli = await seitask()
    const running = cli.start(['up', ...homeArguments()])
    await untilState(cli, 'starting')
    running.kill('SIGKILL')
    await running
    await cli.expectNothingLeft()
    expect(await cli.up('--json')).toMatchObject({ exitCode: 0, json: { began: true } })
  })

  test('behavior: it ends by itself when its time is over', async () => {
    const cli = await seitask()
    expect(await cli.up('--ttl', '1s')).toMatchObject({ exitCode: 0 })
    await cli.expectNothingLeft()
    expect(await cli.run('status')).toMatchObject({ exitCode: 0, stdout: 'no cluster is up' })
  })
})

test('behavior: SIGTERM to its process ends it as down does', async () => {
  const cli = await seitask()
  await cli.up()
  const { keeper } = await recorded(cli)
  process.kill(keeper.pid, 'SIGTERM')
  await cli.expectNothingLeft()
})

describe('a cluster that is gone', () => {
  test.for(['keeper', 'cluster'] as const)(
    'error: whose %s was killed shows in status, is replaced by up and removed by down',
    async (which) => {
      const cli = await seitask()
      await cli.up()
      const before = await recorded(cli)
      process.kill(before[which]?.pid ?? Number.NaN, 'SIGKILL')
      await expect.poll(async () => (await statusOf(cli))['state'], { timeout: 15_000 }).toBe('gone')
      expect(await cli.run('status', '--name', 'default')).toMatchObject({ exitCode: 2 })
      expect(await cli.run('env')).toMatchObject({ exitCode: 2, stdout: '' })
      const up = await cli.up()
      expect(up).toMatchObject({
        exitCode: 0,
        stderr: 'what was left of an earlier cluster default is removed',
      })
      const { kubeconfigPath } = await statusOf(cli)
      expect(await leftIn(String(kubeconfigPath))).toEqual([])
      const after = await recorded(cli)
      process.kill(after[which]?.pid ?? Number.NaN, 'SIGKILL')
      expect(await cli.run('down')).toMatchObject({ exitCode: 0 })
      await cli.expectNothingLeft()
      expect(await cli.run('down', '--json')).toMatchObject({ exitCode: 0, json: { ended: false } })
    },
  )

  test('error: whose pid another process has by now is not mistaken for it', async () => {
    const cli = await seitask()
    await cli.up()
    const record = await recorded(cli)
    await cli.run('down')
    await mkdir(cli.folder(), { recursive: true })
    const stranger = { pid: process.pid, born: record.keeper.born }
    const stale = { ...record, name: 'default', state: 'ready', keeper: stranger }
    await writeFile(join(cli.folder(), 'cluster.json'), JSON.stringify(stale))
    expect(await statusOf(cli)).toMatchObject({ state: 'gone', why: 'its process is no more' })
    expect(await cli.run('down', '--json')).toMatchObject({ exitCode: 0, json: { ended: true } })
  })
})

test('behavior: clusters of other names know nothing of each other', async () => {
  const cli = await seitask()
  await cli.up()
  const other = await cli.up('--name', 'other', '--rate', '50', '--json')
  expect(other.json).toMatchObject({ began: true, name: 'other', rate: 50 })
  await cli.run('down')
  const { json } = await cli.run('status', '--json')
  expect(json).toMatchObject({ clusters: [{ name: 'other', state: 'ready' }] })
  await cli.run('down', '--name', 'other')
  await cli.expectNothingLeft()
})
