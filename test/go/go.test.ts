import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startCluster, type RunningCluster } from '../../src/embedded/cluster.ts'

let stateDir: string
let cluster: RunningCluster

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sei-go-'))
  cluster = await startCluster({ rate: 100, blockMs: 100, stateDir })
  await cluster.started
})
afterAll(async () => {
  await cluster.close()
  await rm(stateDir, { recursive: true })
})

test('behavior: client-go and controller-runtime work as against a real cluster', async () => {
  const { exitCode, all } = await execa('go', ['test', '-count=1', './...'], {
    cwd: import.meta.dirname,
    env: { KUBECONFIG: cluster.kubeconfigPath },
    reject: false,
    all: true,
  })
  expect(exitCode, all).toBe(0)
})
