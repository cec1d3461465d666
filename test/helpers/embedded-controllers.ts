import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { definitionsOf, type Era } from '../../src/contract/crds/eras.ts'
import { customResourceDefinitions } from '../../src/contract/kinds.ts'
import { startApiServer } from '../../src/embedded/apiserver/server.ts'
import { createClock } from '../../src/embedded/clock.ts'
import { startControllers } from '../../src/embedded/controllers/start.ts'
import { connect } from '../../src/kube/client.ts'
import type { KubeClient } from '../../src/kube/types.ts'

export interface ControllersAlone {
  /** A client of the test's own. */
  readonly kube: KubeClient
  close(): Promise<void>
}

/** API server and controllers without a kubelet: pods stay Pending and no sidecar answers. */
export async function startControllersAlone(
  options: { readonly rate?: number; readonly gc?: boolean; readonly era?: Era } = {},
): Promise<ControllersAlone> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sei-controllers-'))
  const server = await startApiServer({ stateDir })
  const kube = connect(server.info)
  await Promise.all(
    definitionsOf[options.era ?? 'head'].map((crd) => kube.create(customResourceDefinitions, crd)),
  )
  const controllersKube = connect(server.info)
  const clock = createClock(options.rate ?? 500)
  const controllers = startControllers({ kube: controllersKube, clock, gc: options.gc, era: options.era })
  await controllers.ready
  return {
    kube,
    async close() {
      await controllers.close()
      await controllersKube.close()
      await kube.close()
      await server.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
