import { labels } from '../../contract/labels.ts'
import type { Container } from '../../contract/objects.ts'
import { errorText } from '../../errors/error-text.ts'
import { faultsFor, ordinalOf, parseFaults } from '../faults.ts'
import type { ContainerOptions } from './container.ts'
import { inert } from './runtime/inert.ts'
import { runtimeFor } from './runtime/table.ts'
import type { Runtime, Sandbox } from './runtime/types.ts'

type Record = ContainerOptions['record']

/** Whether a container's image is never there: by order, or because it stands for nothing on this machine. */
export function isMissing(sandbox: Sandbox, container: Container, record: Record): boolean {
  if (isPause(container)) return false
  const isUnknown = sandbox.local?.choose(container) === 'missing'
  if (isUnknown) record('Warning', 'NoStandIn', noStandIn(container))
  return isUnknown || neverPulls(sandbox, container)
}

/** An image that does nothing, wherever it runs: Chaos Mesh puts it in the place of others. */
function isPause({ image }: Container): boolean {
  return /(^|\/)pause(:|@|$)/.test(image)
}

/** Said beside what a real kubelet says of an image that nobody has. */
function noStandIn({ image, command }: Container): string {
  const what = command === undefined ? '' : ` ${JSON.stringify(command[0])} of`
  return `simulated node:${what} image ${JSON.stringify(image)} stands for no command of this machine; the option embedded.images, or seitask up --image, says what does`
}

/** Ordered by the container's own image, or for the pod, which means the image of seid. */
function neverPulls({ faults, pod }: Sandbox, container: Container): boolean {
  const ordinal = ordinalOf(pod.metadata.labels?.[labels.node] ?? '')
  if (faultsFor(parseFaults(container.image).faults, ordinal).neverPulls) return true
  return faults.neverPulls && container.image === pod.spec.containers.find(isSeid)?.image
}

function isSeid(container: Container): boolean {
  return container.name === 'seid'
}

interface StartOptions extends Pick<ContainerOptions, 'container' | 'kind' | 'sandbox' | 'record'> {
  readonly signal: AbortSignal
  readonly waiting: (reason: string, message: string) => void
}

/** Simulated time after which the kubelet looks again for what a container's variables are taken from. */
const configMs = 10_000

/** How a container's next run is started; waits for what its variables are taken from. Rejects when the signal aborts. */
export async function runtimeOf(options: StartOptions): Promise<Runtime> {
  const { container, kind, sandbox, record, signal, waiting } = options
  if (isPause(container)) return inert(0)
  const { local, pod } = sandbox
  const program = local?.choose(container) ?? 'inert'
  if (local === undefined || typeof program === 'string')
    return runtimeFor(pod.metadata.labels, container.name, kind)
  for (;;) {
    try {
      return await local.prepare(container, program)
    } catch (error) {
      const message = errorText(error)
      record('Warning', 'Failed', `Error: ${message}`)
      waiting('CreateContainerConfigError', message)
    }
    await sandbox.clock.sleep(configMs, signal)
  }
}
