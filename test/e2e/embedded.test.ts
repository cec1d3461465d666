import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/embedded.ts'
import { wholeCluster } from '../helpers/whole-cluster.ts'
import { until } from './embedded-objects.ts'

function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(true))
    socket.on('connect', () => socket.destroy()).on('error', () => resolve(false))
  })
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the process', () => {
  test('behavior: its kubeconfig is private, and nothing is left after close', async () => {
    const cluster = await startEmbedded()
    expect(statSync(cluster.kubeconfigPath).mode & 0o777).toBe(0o600)
    expect(cluster.describe()).toContain(cluster.kubeconfigPath)
    await cluster.close()
    expect(alive(cluster.pid)).toBe(false)
    expect(existsSync(dirname(cluster.kubeconfigPath))).toBe(false)
  })

  test('behavior: it dies with a parent that is killed, and takes its folder along', async () => {
    const door = new URL('../../src/embedded.ts', import.meta.url)
    const script = `import { startEmbedded } from ${JSON.stringify(door.href)}
      const { info, kubeconfigPath } = await startEmbedded()
      console.log(JSON.stringify({ server: info.server, kubeconfigPath }))
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const { server, kubeconfigPath } = JSON.parse(line.toString()) as {
      server: string
      kubeconfigPath: string
    }
    expect(existsSync(kubeconfigPath)).toBe(true)
    expect(await listens(server)).toBe(true)
    parent.kill('SIGKILL')
    await until(
      async () => (await listens(server)) || existsSync(dirname(kubeconfigPath)),
      (left) => !left,
    )
  })

  test('error: a cluster that dies on its own says so', async () => {
    const cluster = await startEmbedded()
    process.kill(cluster.pid, 'SIGKILL')
    expect(await cluster.exited).toMatchObject({
      code: 'CLUSTER_EXITED',
      message: expect.stringContaining('SIGKILL'),
    })
    expect(existsSync(dirname(cluster.kubeconfigPath))).toBe(false)
    await cluster.close()
  })

  test('error: a start that is cancelled leaves no process', async () => {
    const stop = new AbortController()
    const starting = startEmbedded({ signal: stop.signal })
    stop.abort()
    await expect(starting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})

describe('the cluster', () => wholeCluster(startEmbedded))
