import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { pullDelayMs } from './backoff.ts'

export interface PullOptions {
  readonly clock: Clock
  readonly image: string
  /** The registry does not know the image. */
  readonly missing: boolean
  readonly signal: AbortSignal
  readonly record: (type: 'Normal' | 'Warning', reason: string, message: string) => void
  readonly waiting: (reason: string, message: string) => void
}

/** Simulated time of one refused pull. */
const pullMs = 1_000

/**
 * Resolves once the image is there. Every image counts as already present, except one that is ordered never to be
 * pulled, or stands for nothing here: then it tries again and again, with the kubelet's back-off, until the signal aborts.
 */
export async function pullImage(options: PullOptions): Promise<void> {
  const { clock, image, signal, record, waiting } = options
  if (!options.missing) {
    record('Normal', 'Pulled', `Container image "${image}" already present on machine`)
    return
  }
  if (!reference.test(image)) await refuseName(options)
  const ref = fullReference(image)
  const why = `failed to pull and unpack image "${ref}": failed to resolve reference "${ref}": ${ref}: not found`
  for (let failures = 1; ; failures += 1) {
    record('Normal', 'Pulling', `Pulling image "${image}"`)
    await clock.sleep(pullMs, signal)
    record('Warning', 'Failed', `Failed to pull image "${image}": rpc error: code = NotFound desc = ${why}`)
    record('Warning', 'Failed', 'Error: ErrImagePull')
    waiting('ErrImagePull', `rpc error: code = NotFound desc = ${why}`)
    await clock.sleep(pullMs, signal)
    record('Normal', 'BackOff', `Back-off pulling image "${image}"`)
    record('Warning', 'Failed', 'Error: ImagePullBackOff')
    waiting(
      'ImagePullBackOff',
      `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${why}`,
    )
    await clock.sleep(pullDelayMs(failures), signal)
  }
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const registry = '(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?'
/** What an image may be called. */
const reference = new RegExp(
  `^${registry}${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$`,
)
/** Simulated time after which the kubelet looks at a pod again. */
const resyncMs = 10_000

/** Nobody is asked for an image that cannot have such a name; ends only when the signal aborts. */
async function refuseName({ clock, image, signal, record, waiting }: PullOptions): Promise<never> {
  const name = JSON.stringify(image)
  const message = `Failed to apply default image tag ${name}: couldn't parse image name ${name}: invalid reference format`
  for (;;) {
    record('Warning', 'InspectFailed', message)
    record('Warning', 'Failed', 'Error: InvalidImageName')
    waiting('InvalidImageName', message)
    await clock.sleep(resyncMs, signal)
  }
}

/** As a runtime completes a reference: with a registry where it names none, and a tag. */
function fullReference(image: string): string {
  const [first = '', ...rest] = image.split('/')
  const named = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const path = named ? image : rest.length > 0 ? `docker.io/${image}` : `docker.io/library/${image}`
  return /[:@][^/]*$/.test(path) ? path : `${path}:latest`
}

/** What a runtime reports as the image's id: the repository with a digest, here that of the reference. */
export function imageId(image: string): string {
  const repository = image.replace(/(@.*|:[^/]*)$/, '')
  return `${repository}@sha256:${hash('sha256', image, 'hex')}`
}
