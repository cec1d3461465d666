import type { ClientNetwork } from '../../client/network.ts'
import { networkFailure } from '../../client/plan-findings.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import { apiVersionOf, seiNetworks } from '../../contract/kinds.ts'
import { stepFieldManagers } from '../../contract/labels.ts'
import { roleKey } from '../../contract/scenario-names.ts'
import { roleVarKeys, varKeys } from '../../contract/workflow-vars.ts'
import { checkNetwork } from './check-rendered.ts'
import { createOrReuse } from './create-or-reuse.ts'
import { infraFailure, taskFailure } from './exit-reason.ts'
import { ownerReference } from './identity.ts'
import { withReadiness } from './readiness.ts'
import type { StepContext } from './step.ts'
import { readTemplate, renderObject } from './template-file.ts'

export interface ProvisionSndOptions {
  /** Before the names of what is published. */
  readonly role: string
  /** @default `<workflow>-<role>` */
  readonly name?: string | undefined
  readonly template: string
  readonly vars: Readonly<Record<string, string>>
  /** Leaves the validators and their volumes behind when the network is deleted. */
  readonly retain: boolean
  readonly readyTimeoutMs: number
  readonly firstBlockTimeoutMs: number
}

/**
 * Makes a SeiNetwork of a template, waits until it is Ready and every validator has passed its gates, and publishes its
 * endpoints. Throws, class failed, for a template that does not fit and a network that is Failed.
 */
export async function runProvisionSnd(step: StepContext, options: ProvisionSndOptions): Promise<void> {
  const template = await readTemplate(options.template, step.env)
  const rendered = renderObject<SeiNetwork>(template, seiNetworks.kind, options.vars)
  const stamped = stamp(step, options, rendered)
  checkNetwork(options.template, stamped)
  await createOrReuse(step, seiNetworks, stamped, stepFieldManagers.provisionSnd)
  const { phaseMs, gateMs } = { phaseMs: options.readyTimeoutMs, gateMs: options.firstBlockTimeoutMs }
  const network = await withReadiness(
    step,
    { phaseMs, gateMs, totalMs: phaseMs + gateMs },
    async (client, signal) => {
      const handle = await client.getNetwork(stamped.metadata.name, stamped.metadata.namespace)
      await waitReady(step, handle, signal)
      return handle.refresh()
    },
  )
  const values = published(network, options.role)
  await warnOfOtherChain(step, network.spec.genesis.chainId)
  await step.vars.set(values)
  step.say(`SeiNetwork ${network.metadata.name} is Ready; published ${Object.keys(values).join(', ')}`)
}

/** What a template does not decide. */
function stamp(
  { identity }: StepContext,
  { name, role, retain }: ProvisionSndOptions,
  rendered: SeiNetwork,
): SeiNetwork {
  const { metadata, spec }: Partial<SeiNetwork> = rendered
  return {
    apiVersion: apiVersionOf(seiNetworks),
    kind: seiNetworks.kind,
    metadata: {
      ...metadata,
      name: name ?? `${identity.name}-${role}`,
      namespace: identity.namespace,
      labels: { ...metadata?.labels, ...identity.labels },
      ownerReferences: [ownerReference(identity)],
    },
    spec: { ...(spec as SeiNetwork['spec']), deletionPolicy: retain ? 'Retain' : 'Delete' },
  }
}

/** Gates of the validators, and the network’s own phase; a network that is Failed ends the wait. */
async function waitReady(step: StepContext, network: ClientNetwork, signal: AbortSignal): Promise<void> {
  const ended = new AbortController()
  const both = AbortSignal.any([signal, ended.signal])
  const failed = throwWhenFailed(step, network, both)
  const ready = network.waitReady({ signal: both })
  try {
    await Promise.race([ready, failed])
  } finally {
    ended.abort()
    await Promise.allSettled([ready, failed])
  }
}

/** Never resolves. */
async function throwWhenFailed(
  { cluster }: StepContext,
  network: ClientNetwork,
  signal: AbortSignal,
): Promise<never> {
  const { name, namespace } = network
  const watch = cluster.kube.watch<SeiNetwork>(seiNetworks, { namespace })
  try {
    const failure = await watch.waitFor(
      () => {
        const object = watch.get({ name, namespace })
        if (object?.status?.phase !== 'Failed') return undefined
        const children = network.validators.map((node) => node.object).filter((node) => node !== undefined)
        return networkFailure(object, children)
      },
      { signal, description: `SeiNetwork ${name} to fail` },
    )
    throw taskFailure(`SeiNetwork ${name} is Failed: ${failure.cause}`)
  } finally {
    watch.close()
  }
}

/** Its endpoints as its status has them: URLs that answer inside the cluster. */
function published({ metadata, spec, status }: SeiNetwork, role: string): Record<string, string> {
  const { tendermintRpc = '', tendermintRest = '', nodes = [] } = status?.endpoints ?? {}
  if (tendermintRpc === '')
    throw infraFailure(`SeiNetwork ${metadata.name} is Ready but publishes no tendermintRpc`)
  const evm = nodes.map(({ evmJsonRpc = '' }) => evmJsonRpc).filter((url) => url !== '')
  const urls = {
    [roleVarKeys.tendermintRpc]: tendermintRpc,
    [roleVarKeys.tendermintRest]: tendermintRest,
    [roleVarKeys.evmJsonRpc]: evm[0] ?? '',
    [roleVarKeys.evmJsonRpcList]: evm.join(','),
  }
  const known = Object.entries(urls).filter(([, url]) => url !== '')
  return {
    [varKeys.chainId]: spec.genesis.chainId,
    ...Object.fromEntries(known.map(([key, url]) => [roleKey(role, key), url])),
  }
}

async function warnOfOtherChain({ vars, warn }: StepContext, chainId: string): Promise<void> {
  const before = (await vars.read())[varKeys.chainId]
  if (before !== undefined && before !== chainId)
    warn(`${varKeys.chainId} was ${before} and becomes ${chainId}: later steps know one chain only`)
}
