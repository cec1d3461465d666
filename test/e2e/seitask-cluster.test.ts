import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { seiNetworks } from '../../src/contract/kinds.ts'
import { connect } from '../../src/kube/client.ts'
import { home, homeArguments } from '../helpers/home.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const bin = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

interface Ready {
  readonly event: 'ready'
  readonly kubeconfigPath: string
  readonly server: string
  readonly rate: number
  readonly pid: number
}

interface Started {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
}

const started: ChildProcess[] = []

function cluster(...args: string[]): Started {
  const child = spawn(process.execPath, [bin, 'cluster', ...homeArguments(), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  if (child.stdout === null) throw new Error('stdout is a pipe')
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

async function nextLine({ lines }: Started): Promise<string> {
  const { value, done } = await lines.next()
  if (done === true) throw new Error('the process ended without a further line')
  return value
}

async function isGone(pid: number): Promise<void> {
  await expect
    .poll(
      () => {
        try {
          return process.kill(pid, 0)
        } catch {
          return false
        }
      },
      { timeout: 10_000 },
    )
    .toBe(false)
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

describe('seitask cluster', () => {
  test('default: prints a kubeconfig that works, and takes everything with it when told to end', async () => {
    const running = cluster('--json', '--rate', '50')
    const ready = JSON.parse(await nextLine(running)) as Ready
    expect(ready).toMatchObject({ event: 'ready', mode: home().mode, rate: 50, simulated: true })
    expect(statSync(ready.kubeconfigPath).mode & 0o777).toBe(0o600)
    const kubeconfig = parse(readFileSync(ready.kubeconfigPath, 'utf8'))
    const [{ cluster: at }] = kubeconfig.clusters
    const [{ user }] = kubeconfig.users
    const kube = connect({
      server: at.server,
      ca: Buffer.from(at['certificate-authority-data'], 'base64').toString(),
      token: user.token,
      namespace: 'default',
    })
    expect(await kube.list(seiNetworks)).toMatchObject({ kind: 'SeiNetworkList', items: [] })
    await kube.close()
    running.child.kill('SIGTERM')
    expect(JSON.parse(await nextLine(running))).toEqual({ event: 'closed' })
    expect(await once(running.child, 'exit')).toEqual([0, null])
    await isGone(ready.pid)
    expect(existsSync(ready.kubeconfigPath)).toBe(false)
  })

  test('behavior: a run finds it by its kubeconfig, says that it is simulated, and leaves it as it was', async () => {
    const running = cluster('--json')
    const { kubeconfigPath: KUBECONFIG, pid } = JSON.parse(await nextLine(running)) as Ready
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig('{ network: { validators: 1 }, followers: 0 }'),
      'first.test.ts': `
        import { test, expect } from 'vitest-environment-sei/test'
        test('answers', async ({ network, sei }) => {
          expect(await network.latestHeight()).toBeGreaterThan(0)
          expect(sei).toMatchObject({ mode: 'k8s', simulated: true })
        })`,
    })
    const { exitCode, output, receipt } = await project.run([], { KUBECONFIG, SEI_NODE_CLUSTER: '1' })
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(
      /cluster ready: context \S+ at https:\S+, namespace default, simulated, clock ×200/,
    )
    expect(receipt).toMatchObject({ mode: 'k8s', simulated: true, left: [], seals: [{ missing: [] }] })
    expect(process.kill(pid, 0)).toBe(true)
  })

  test('behavior: without --json stdout is the path alone', async () => {
    const running = cluster()
    const path = await nextLine(running)
    expect(existsSync(path)).toBe(true)
    running.child.kill('SIGINT')
    expect(await once(running.child, 'exit')).toEqual([0, null])
  })

  test('behavior: the cluster does not outlive a seitask that was killed', async () => {
    const running = cluster('--json')
    const { pid } = JSON.parse(await nextLine(running)) as Ready
    running.child.kill('SIGKILL')
    await isGone(pid)
  })

  test('error: a cluster that goes away by itself ends the command with 2', async () => {
    const running = cluster('--json')
    const { pid } = JSON.parse(await nextLine(running)) as Ready
    process.kill(pid, 'SIGKILL')
    expect(JSON.parse(await nextLine(running))).toMatchObject({ event: 'error', code: 'CLUSTER_EXITED' })
    expect(await once(running.child, 'exit')).toEqual([2, null])
  })
})
