import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnControlPlane } from '../../src/clusters/child.ts'
import { partsFolder } from '../../src/clusters/parts.ts'
import { startControllerManager } from '../../src/contract/embedded.ts'
import { installDefinitions } from '../../src/embedded/definitions.ts'
import { connect } from '../../src/kube/client.ts'
import type { ConnectionInfo } from '../../src/kube/types.ts'

/** A real kube-apiserver with our definitions and a kube-controller-manager, and nothing else. */
export async function startRealServer(): Promise<{ readonly info: ConnectionInfo; close(): Promise<void> }> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sei-envtest-'))
  const plane = await spawnControlPlane({ programs: partsFolder(process.env), stateDir })
  const { server, ca, token } = plane.ready
  const info = { server, ca, token, namespace: 'default' }
  const kube = connect(info)
  await installDefinitions(kube, { definitions: process.env['SEI_DEFINITIONS'] })
  await kube.close()
  plane.tell(startControllerManager)
  return { info, close: () => plane.stop() }
}
