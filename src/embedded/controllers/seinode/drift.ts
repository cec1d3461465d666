import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { Platform } from '../platform.ts'
import { sidecarImageOf } from './mode.ts'

/**
 * Why a running node has to be updated, in the words of its condition; `undefined` when it runs what its spec says. A node
 * that has just come up drifts once, because nothing has stamped `currentImage` yet. The sidecar's image is compared only
 * after it has been recorded.
 */
export function imageDrift(node: SeiNode, platform: Platform): string | undefined {
  const wanted = node.spec.image
  const current = node.status?.currentImage ?? ''
  const sidecarWanted = sidecarImageOf(node, platform)
  const sidecarCurrent = node.status?.currentSidecarImage ?? ''
  const seid = wanted !== current
  const sidecar = sidecarCurrent !== '' && sidecarWanted !== sidecarCurrent
  if (seid && sidecar)
    return `image drift detected: seid spec=${wanted} current=${current}; sidecar spec=${sidecarWanted} current=${sidecarCurrent}`
  if (sidecar) return `sidecar image drift detected: spec=${sidecarWanted} current=${sidecarCurrent}`
  if (seid) return `image drift detected: spec=${wanted} current=${current}`
  return undefined
}
