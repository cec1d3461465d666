import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest'

import { loadConnection } from '../../src/kube/kubeconfig.ts'
import { connectTarget, startEmbeddedTarget, type ApiTarget } from '../helpers/api-target.ts'
import { openSpace, type ConformanceCase } from '../helpers/conformance-case.ts'
import { installWidgets, uninstallWidgets } from '../helpers/conformance-widgets.ts'
import { applyCases } from './cases/applies.ts'
import { authenticationCases } from './cases/authentication.ts'
import { authorizationCases } from './cases/authorization.ts'
import { builtInCases } from './cases/built-ins.ts'
import { clientCases } from './cases/clients.ts'
import { collectionCases } from './cases/collections.ts'
import { deletionCases } from './cases/deletions.ts'
import { discoveryCases } from './cases/discovery.ts'
import { listCases } from './cases/lists.ts'
import { patchCases } from './cases/patches.ts'
import { roleCases } from './cases/roles.ts'
import { schemaCases } from './cases/schemas.ts'
import { watchCases } from './cases/watches.ts'
import { webhookCases } from './cases/webhooks.ts'
import { writeCases } from './cases/writes.ts'

const cases: readonly ConformanceCase[] = [
  ...discoveryCases,
  ...writeCases,
  ...listCases,
  ...watchCases,
  ...patchCases,
  ...applyCases,
  ...schemaCases,
  ...deletionCases,
  ...collectionCases,
  ...clientCases,
  ...builtInCases,
  ...authenticationCases,
  ...authorizationCases,
  ...roleCases,
  ...webhookCases,
]

interface TargetEntry {
  readonly name: string
  start(): Promise<ApiTarget>
}

/** Kubeconfig of a real server to hold the same cases against; it is left with nothing but terminating namespaces. */
const realKubeconfig = process.env['SEI_CONFORMANCE_KUBECONFIG']

const targets: TargetEntry[] = [{ name: 'embedded', start: () => startEmbeddedTarget({ controllers: true }) }]
if (realKubeconfig !== undefined) {
  const start = async (): Promise<ApiTarget> =>
    connectTarget(await loadConnection({ kubeconfigPath: realKubeconfig, env: {} }))
  targets.push({ name: 'a real server', start })
}

describe.each(targets)('API server: $name', ({ start }) => {
  let target: ApiTarget
  let space: Awaited<ReturnType<typeof openSpace>>

  beforeAll(async () => {
    target = await start()
    await installWidgets(target)
  })
  afterAll(async () => {
    await uninstallWidgets(target)
    await target.close()
  })
  beforeEach(async () => {
    space = await openSpace(target)
  })
  afterEach(() => space.close())

  for (const { kind, number, title, run } of cases)
    test(`${kind}: ${String(number).padStart(2, '0')} ${title}`, () => run(space))
})
