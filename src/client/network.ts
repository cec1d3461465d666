import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { NetworkEndpoints } from '../contract/endpoints.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { NetworkHandle, WaitOptions } from '../contract/handles.ts'
import { seiNetworks } from '../contract/kinds.ts'
import { validatorName } from '../contract/names.ts'
import { dateOf } from '../contract/time.ts'
import { hasCode } from '../errors/guards.ts'
import { SeiError } from '../errors/sei-error.ts'
import { createNetworkProbe } from '../probe/network-probe.ts'
import type { ClosureScope } from './closure.ts'
import type { ClientContext } from './context.ts'
import { deleteAndWait } from './delete.ts'
import { createNodeHandle, type ClientNode } from './node.ts'
import { describeStuckNetwork } from './plan-findings.ts'
import { waitNodes } from './wait-ready.ts'

/** A network handle of the main process. */
export interface ClientNetwork extends NetworkHandle {
  readonly validators: readonly ClientNode[]
  /** Resolves once the network's phase is Ready: its ceremony is over and its validators' sidecars answer. */
  waitPhaseReady(signal?: AbortSignal): Promise<void>
}

export function createNetworkHandle(context: ClientContext, known: SeiNetwork): ClientNetwork {
  const { name, namespace = context.cluster.namespace } = known.metadata
  const ref = { name, namespace }
  const { chainId } = known.spec.genesis
  const watches = context.watches.of(namespace)
  let last = known
  const object = (): SeiNetwork => watches.networks.get(ref) ?? last
  const validators = Array.from({ length: known.spec.replicas ?? 1 }, (_, ordinal) =>
    createNodeHandle(
      context,
      {
        name: validatorName(name, ordinal),
        namespace,
        role: 'validator',
        chainId,
        network: name,
        founded: true,
      },
      undefined,
    ),
  )
  return {
    ...createNetworkProbe(name, validators, context.budget.gateMs, context.time),
    name,
    namespace,
    chainId,
    validators,
    get endpoints() {
      return networkEndpoints(validators, object())
    },
    get object() {
      return object()
    },
    refresh: async () => {
      last = await context.kube.get<SeiNetwork>(seiNetworks, ref)
      return last
    },
    waitPhaseReady: (signal) => waitPhase(context, ref, context.budget.phaseMs, signal),
    waitReady: (options) => waitNetwork(context, ref, validators, options),
    delete: (permit) =>
      deleteAndWait(context.kube, context.closure(namespace), {
        type: seiNetworks,
        ref,
        uid: object().metadata.uid,
        permit,
        scope: closureScope(object(), ref, validators),
        time: context.time,
      }),
  }
}

/** Under Retain the validators outlive their network on purpose: only the object itself has to go. */
function closureScope(
  network: SeiNetwork,
  ref: { name: string; namespace: string },
  validators: readonly ClientNode[],
): ClosureScope {
  if (network.spec.deletionPolicy !== 'Delete') return { only: [network.metadata.uid ?? ''] }
  return { networks: [ref], nodes: validators.map(({ name, namespace }) => ({ name, namespace })) }
}

function networkEndpoints(validators: readonly ClientNode[], network: SeiNetwork): NetworkEndpoints {
  const nodes = Object.fromEntries(validators.map((node) => [node.name, node.endpoints]))
  const [first] = validators
  if (first === undefined)
    throw new SeiError(`network ${network.metadata.name} has no validators`, noValidators)
  const { published: _, ...urls } = first.endpoints
  const published = network.status?.endpoints
  return { ...urls, nodes, ...(published === undefined ? {} : { published }) }
}

const noValidators = { class: 'usage', code: 'BAD_INPUT' } as const

/** Every validator's gates, then the network's own phase, which in practice turned Ready with the last of them. */
async function waitNetwork(
  context: ClientContext,
  ref: { name: string; namespace: string },
  validators: readonly ClientNode[],
  options: WaitOptions = {},
): Promise<GateTrace[]> {
  const { time } = context
  const startedAt = dateOf(time)
  const by = time.now() + (options.timeoutMs ?? context.budget.phaseMs)
  const traces = await waitNodes(
    context,
    ref.name,
    validators.map(({ gateTarget }) => gateTarget),
    options,
  )
  try {
    await waitPhase(context, ref, Math.max(1, by - time.now()), options.signal)
  } catch (error) {
    if (!hasCode(error, 'WAIT_TIMEOUT')) throw error
    throw notReady(ref.name, context.watches.of(ref.namespace).networks.get(ref), startedAt, traces)
  }
  return traces
}

async function waitPhase(
  context: ClientContext,
  ref: { name: string; namespace: string },
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { networks } = context.watches.of(ref.namespace)
  await networks.waitFor(() => (networks.get(ref)?.status?.phase === 'Ready' ? true : undefined), {
    description: `SeiNetwork ${ref.name} to be Ready`,
    timeoutMs,
    time: context.time,
    ...(signal === undefined ? {} : { signal }),
  })
}

function notReady(
  name: string,
  network: SeiNetwork | undefined,
  startedAt: Date,
  traces: readonly GateTrace[],
): SeiError {
  const lastValue = network?.status?.phase ?? 'no phase'
  const cause = network === undefined ? 'the SeiNetwork is gone' : describeStuckNetwork(network)
  const since = startedAt.toISOString()
  return new SeiError(
    `${name} is not ready in time: gate phase open since ${since}, last seen "${lastValue}"; likely cause: ${cause}`,
    {
      class: 'timeout',
      code: 'READINESS_TIMEOUT',
      details: { stuck: [{ node: name, gate: 'phase', since, lastValue, cause }], traces },
    },
  )
}
