import { workflows } from '../../../../contract/kinds.ts'
import { pause, realTime } from '../../../../contract/time.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { isForbidden } from '../../../../kube/errors.ts'
import { configurationsFor } from './configurations.ts'
import { startAdmissionServer } from './server.ts'

/** Longest wait for an API server to take note of webhooks, and between two looks, in ms. */
const activeMs = 30_000
const lookMs = 20

export interface RunningAdmission {
  /**
   * Resolves once writes are put to it: a real server takes note of webhooks some time after they were configured. The
   * definitions of Chaos Mesh must be served by then. Throws after 30 s.
   */
  active(): Promise<void>
  close(): Promise<void>
}

/** Puts Chaos Mesh's admission in front of the API server. */
export async function startAdmission(kube: KubeClient): Promise<RunningAdmission> {
  const server = await startAdmissionServer(kube)
  try {
    await Promise.all(
      configurationsFor(server).map(({ type, object }) => kube.apply(type, object, { fieldManager: 'helm' })),
    )
  } catch (error) {
    await server.close()
    throw error
  }
  return { active: () => untilActive(kube), close: () => server.close() }
}

/** Looks by a Workflow that only admission refuses, without leaving it. */
async function untilActive(kube: KubeClient): Promise<void> {
  const deadline = performance.now() + activeMs
  while (!(await isRefused(kube))) {
    if (performance.now() > deadline) throw new Error('the webhooks of Chaos Mesh are not asked')
    await pause(realTime, lookMs)
  }
}

async function isRefused(kube: KubeClient): Promise<boolean> {
  const { group, version, kind, plural } = workflows
  const spec = { entry: 'none', templates: [] }
  const body = { apiVersion: `${group}/${version}`, kind, metadata: { generateName: 'admission-' }, spec }
  const path = `/apis/${group}/${version}/namespaces/default/${plural}?dryRun=All`
  try {
    await kube.request('POST', path, { body })
    return false
  } catch (error) {
    if (isForbidden(error)) return true
    throw error
  }
}
