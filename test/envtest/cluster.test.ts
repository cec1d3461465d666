import { execa } from 'execa'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startEnvtest, type EnvtestCluster } from '../../src/clusters/envtest.ts'
import { neededParts, partsFolder } from '../../src/clusters/parts.ts'
import { connectTarget } from '../helpers/api-target.ts'
import { nodeFaults } from '../helpers/node-faults.ts'
import { wholeCluster } from '../helpers/whole-cluster.ts'

const programs = process.env['KUBEBUILDER_ASSETS'] ?? partsFolder(process.env)

/** Processes of a cluster, by a word of their command line. */
async function processesOf({ kubeconfigPath }: EnvtestCluster, word = ''): Promise<number[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args'])
  const lines = stdout
    .split('\n')
    .filter((line) => line.includes(dirname(kubeconfigPath)) && line.includes(word))
  return lines.map((line) => Number.parseInt(line, 10))
}

async function isGone(cluster: EnvtestCluster): Promise<void> {
  await expect.poll(() => processesOf(cluster), { timeout: 15_000 }).toEqual([])
  expect(existsSync(dirname(cluster.kubeconfigPath))).toBe(false)
}

describe('the processes', () => {
  test('default: a real API server answers, and nothing is left after close', async () => {
    const cluster = await startEnvtest()
    const target = connectTarget(cluster.info)
    const { body } = await target.call('GET', '/version')
    expect(body).toMatchObject({ major: '1', minor: '36', compiler: 'gc' })
    await target.close()
    await cluster.close()
    await isGone(cluster)
  })

  test.for(['/kube-apiserver ', '/etcd ', 'control-plane/main', 'embedded/main'])(
    'error: when %s is killed the cluster is gone, says so, and leaves nothing',
    async (word) => {
      const cluster = await startEnvtest()
      const [pid] = await processesOf(cluster, word)
      process.kill(pid ?? Number.NaN, 'SIGKILL')
      expect(await cluster.exited).toMatchObject({ code: 'CLUSTER_EXITED' })
      await isGone(cluster)
      await cluster.close()
    },
  )
})

describe('with kube-controller-manager', () => wholeCluster(() => startEnvtest()))

describe('without kube-controller-manager', () =>
  wholeCluster(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sei-programs-'))
    for (const name of neededParts) await symlink(join(programs, name), join(folder, name))
    const cluster = await startEnvtest({ env: { KUBEBUILDER_ASSETS: folder } })
    const close = async (): Promise<void> => {
      await cluster.close()
      await rm(folder, { recursive: true })
    }
    return { ...cluster, close }
  }))

describe('faults', () => nodeFaults(() => startEnvtest()))
