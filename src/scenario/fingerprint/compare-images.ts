import { controllerCommits } from '../../contract/fingerprint.ts'
import { imageReference, isOurs } from '../../contract/image-reference.ts'
import { deployments } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { controllerPlace } from '../../contract/scenario-rights.ts'
import { isForbidden } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Comparison, FingerprintOptions } from './check-fingerprint.ts'

/** Steps of upstream are of the commit that their scenario was read from, or they lack its flags and templates. */
export function compareScenarioRef({ source, seitaskImage, simulated }: FingerprintOptions): Comparison {
  const { commit } = source.origin
  if (commit === undefined)
    return { agrees: true, expected: 'none', found: 'the scenario was read from a folder' }
  const expected = `the image of the steps is of ${commit}`
  if (simulated) return { agrees: true, expected, found: 'on a simulated cluster steps are of this package' }
  if (seitaskImage === undefined) return { agrees: true, expected, found: 'the scenario names no such image' }
  const agrees = refAgrees(seitaskImage, commit)
  if (agrees) return { agrees, expected, found: seitaskImage }
  const fix = `--var SEITASK_IMAGE=<repository>:${commit}, or --scenario-ref with the commit of the image`
  return { agrees, expected, found: seitaskImage, fix }
}

/** Ours says by its templates whether it fits. */
function refAgrees(seitaskImage: string, commit: string): boolean {
  return isOurs(seitaskImage) || imageReference(seitaskImage).tag === commit
}

/** The image of the steps and the controller that runs are of one commit. */
export async function compareController(options: FingerprintOptions): Promise<Comparison> {
  const { kube, seitaskImage, simulated } = options
  if (simulated) return { agrees: true, expected: 'this package', found: 'simulated by this package' }
  const expected = `of the commit of ${seitaskImage ?? 'this package'}`
  const running = options.controllerImage ?? (await runningController(kube))
  if (running === undefined) {
    const fix = `say it: --controller-image IMAGE, or grant list on deployments in ${controllerPlace.namespace}`
    return { agrees: false, expected, found: 'may not be read', fix }
  }
  if (controllerAgrees(seitaskImage, running))
    return { agrees: true, expected, found: running, image: running }
  const fix = 'use the image of the steps that has the tag of the controller'
  return { agrees: false, expected, found: running, image: running, fix }
}

/** By tag; ours also fits the controllers whose definitions it has. */
export function controllerAgrees(seitaskImage: string | undefined, controllerImage: string): boolean {
  const { tag } = imageReference(controllerImage)
  if (tag === undefined) return false
  const steps = seitaskImage === undefined ? undefined : imageReference(seitaskImage).tag
  if (tag === steps) return true
  return (
    (seitaskImage === undefined || isOurs(seitaskImage)) && Object.values(controllerCommits).includes(tag)
  )
}

interface Deployment extends KubeObject {
  spec: { template: { spec: { containers: { name: string; image?: string }[] } } }
}

/** Image of the container `manager`, undefined where there is none to be seen. */
async function runningController(kube: KubeClient): Promise<string | undefined> {
  const { namespace, labels: labelSelector } = controllerPlace
  try {
    const { items } = await kube.list<Deployment>(deployments, { namespace, labelSelector })
    const containers = items.flatMap(({ spec }) => spec.template.spec.containers)
    return (containers.find(({ name }) => name === 'manager') ?? containers[0])?.image
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}
