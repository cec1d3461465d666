import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import { neededParts, partsFolder } from '../../src/clusters/parts.ts'
import { wholeCluster } from '../helpers/whole-cluster.ts'

const programs = process.env['KUBEBUILDER_ASSETS'] ?? partsFolder(process.env)

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
