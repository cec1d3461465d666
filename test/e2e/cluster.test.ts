import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { home, homeParts, startHome } from '../helpers/home.ts'
import { clusterPid, processesOf } from '../helpers/processes.ts'
import { wholeCluster } from '../helpers/whole-cluster.ts'

/** The processes of a cluster end, and its folder goes with them. */
async function isGone({ kubeconfigPath }: { readonly kubeconfigPath: string }): Promise<void> {
  const folder = dirname(kubeconfigPath)
  await expect.poll(() => processesOf(folder), { timeout: 60_000 }).toEqual([])
  expect(existsSync(folder)).toBe(false)
}

describe('the processes', () => {
  test('behavior: its kubeconfig is private, and nothing is left after close', async () => {
    const cluster = await startHome()
    expect(statSync(cluster.kubeconfigPath).mode & 0o777).toBe(0o600)
    expect(cluster.describe()).toContain(cluster.kubeconfigPath)
    expect(await cluster.kube.request('GET', '/version')).toMatchObject({ major: '1', minor: '36' })
    expect(await processesOf(dirname(cluster.kubeconfigPath))).toContain(cluster.pid)
    await cluster.close()
    await isGone(cluster)
  })

  test('behavior: they die with a parent that is killed, and take their folder along', async () => {
    const source = new URL(`../../src/clusters/${home().mode}.ts`, import.meta.url)
    const script = `import * as clusters from ${JSON.stringify(source.href)}
      const { kubeconfigPath } = await Object.values(clusters)[0]()
      console.log(JSON.stringify({ kubeconfigPath }))
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const cluster = JSON.parse(line.toString()) as { kubeconfigPath: string }
    expect(existsSync(cluster.kubeconfigPath)).toBe(true)
    expect(await processesOf(dirname(cluster.kubeconfigPath))).not.toEqual([])
    parent.kill('SIGKILL')
    await isGone(cluster)
  })

  test('error: when any of them is killed the cluster is gone, says so, and leaves nothing', async () => {
    for (const part of homeParts()) {
      const cluster = await startHome()
      process.kill(await clusterPid(cluster.describe(), part), 'SIGKILL')
      const { code, message } = await cluster.exited
      expect(code).toBe('CLUSTER_EXITED')
      expect(message).toMatch(new RegExp(`^${part.gone} \\(process \\d+\\) is gone: `))
      await isGone(cluster)
      await cluster.close()
    }
  })

  test('error: a start that is cancelled leaves no process', async () => {
    const stop = new AbortController()
    const starting = startHome({ signal: stop.signal })
    stop.abort()
    await expect(starting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})

describe('the cluster', () => wholeCluster(startHome))
