import type { KubeSeiClient } from '../../client/client.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { apiVersionOf, seiNodes } from '../../contract/kinds.ts'
import { labels, stepFieldManagers } from '../../contract/labels.ts'
import { roleKey } from '../../contract/scenario-names.ts'
import { roleVarKeys, varKeys } from '../../contract/workflow-vars.ts'
import { usageError } from '../../errors/sei-error.ts'
import { waitReadiness, type ReadinessOptions } from '../../probe/readiness.ts'
import { checkNode } from './check-rendered.ts'
import { createOrReuse } from './create-or-reuse.ts'
import { infraFailure } from './exit-reason.ts'
import { ownerReference } from './identity.ts'
import { withReadiness } from './readiness.ts'
import type { StepContext } from './step.ts'
import { readTemplate, renderObject } from './template-file.ts'

export interface ProvisionNodeOptions {
  /** Before the names of what is published. */
  readonly role: string
  /** Of the nodes, before `-<ordinal>`. @default `<chain id, else workflow>-<role>` */
  readonly name?: string | undefined
  readonly template: string
  readonly vars: Readonly<Record<string, string>>
  readonly replicas: number
  /** SeiNetwork that they follow: a label and a source of peers. */
  readonly network?: string | undefined
  /** @default that of the Workflow */
  readonly networkNamespace?: string | undefined
  readonly runningTimeoutMs: number
  /** For each of the two: caught up, and EVM serving. */
  readonly firstBlockTimeoutMs: number
}

/** Variables that each node's template gets beside those of the caller. */
const ownVariables = ['ORDINAL', 'NODE_NAME'] as const

/**
 * Makes followers of a template, rendered once for each, waits until all of them have passed their gates, and publishes their
 * endpoints. Throws, class failed, for a template that does not fit and a node that is Failed.
 */
export async function runProvisionNode(step: StepContext, options: ProvisionNodeOptions): Promise<void> {
  const nodes = await render(step, options)
  // All of them are known to fit before the first is there.
  await Promise.all(nodes.map((node) => createOrReuse(step, seiNodes, node, stepFieldManagers.provisionNode)))
  const { runningTimeoutMs: phaseMs, firstBlockTimeoutMs: gateMs } = options
  const limits = { phaseMs, gateMs, totalMs: phaseMs + 2 * gateMs }
  const names = nodes.map(({ metadata }) => metadata.name)
  const ready = await withReadiness(step, limits, (client, signal, onProgress) =>
    waitReady(step, client, names, limits, { signal, onProgress }),
  )
  const values = published(ready, options)
  await step.vars.set(values)
  step.say(`${names.join(', ')} serve; published ${Object.keys(values).join(', ')}`)
}

async function render(step: StepContext, options: ProvisionNodeOptions): Promise<SeiNode[]> {
  const shadowed = ownVariables.find((name) => Object.hasOwn(options.vars, name))
  if (shadowed !== undefined)
    throw usageError([
      {
        what: `${shadowed} is set for every node by this step`,
        where: '--var',
        expected: 'other variables',
        fix: `remove --var ${shadowed}=…`,
      },
    ])
  const template = await readTemplate(options.template, step.env)
  const base = options.name ?? `${options.vars[varKeys.chainId] ?? step.identity.name}-${options.role}`
  return Array.from({ length: options.replicas }, (_, ordinal) => {
    const name = `${base}-${ordinal}`
    const vars = { ...options.vars, ORDINAL: String(ordinal), NODE_NAME: name }
    const node = stamp(step, options, name, renderObject<SeiNode>(template, seiNodes.kind, vars))
    checkNode(options.template, node)
    return node
  })
}

/** What a template does not decide, and where its peers are. */
function stamp(
  { identity }: StepContext,
  { network, networkNamespace }: ProvisionNodeOptions,
  name: string,
  rendered: SeiNode,
): SeiNode {
  const { metadata, spec }: Partial<SeiNode> = rendered
  const { peers = [], ...rest } = (spec ?? {}) as SeiNode['spec']
  const followed =
    network === undefined
      ? []
      : [
          {
            label: {
              selector: { [labels.network]: network },
              namespace: networkNamespace ?? identity.namespace,
            },
          },
        ]
  return {
    apiVersion: apiVersionOf(seiNodes),
    kind: seiNodes.kind,
    metadata: {
      ...metadata,
      name,
      namespace: identity.namespace,
      labels: {
        ...metadata?.labels,
        ...identity.labels,
        [labels.role]: 'node',
        ...(network === undefined ? {} : { [labels.network]: network }),
      },
      ownerReferences: [ownerReference(identity)],
    },
    spec: { ...rest, ...(peers.length + followed.length === 0 ? {} : { peers: [...peers, ...followed] }) },
  }
}

async function waitReady(
  { identity, budgetMs }: StepContext,
  client: KubeSeiClient,
  names: readonly string[],
  limits: { readonly phaseMs: number; readonly gateMs: number },
  wait: Omit<ReadinessOptions, 'budget'>,
): Promise<SeiNode[]> {
  const handles = await Promise.all(names.map((name) => client.getNode(name, identity.namespace)))
  const budget = { phaseMs: budgetMs(limits.phaseMs), gateMs: budgetMs(limits.gateMs) }
  await waitReadiness(
    handles.map(({ gateTarget }) => gateTarget),
    { ...wait, budget },
  )
  return Promise.all(handles.map((handle) => handle.refresh()))
}

/** A follower that publishes no EVM URL would be left out of the list unseen. */
function published(nodes: readonly SeiNode[], { role, vars }: ProvisionNodeOptions): Record<string, string> {
  const [first] = nodes
  const { tendermintRpc, tendermintRest } = first?.status?.endpoint ?? {}
  const evm = nodes.map(({ metadata, status }) =>
    need(status?.endpoint?.evmJsonRpc, metadata.name, 'evmJsonRpc'),
  )
  const { name = '' } = first?.metadata ?? {}
  const urls = {
    [roleVarKeys.evmJsonRpcList]: evm.join(','),
    [roleVarKeys.evmJsonRpc]: evm[0] ?? '',
    [roleVarKeys.tendermintRpc]: need(tendermintRpc, name, 'tendermintRpc'),
    [roleVarKeys.tendermintRest]: need(tendermintRest, name, 'tendermintRest'),
  }
  return {
    [varKeys.chainId]: vars[varKeys.chainId] ?? first?.spec.chainId ?? '',
    ...Object.fromEntries(Object.entries(urls).map(([key, url]) => [roleKey(role, key), url])),
  }
}

function need(url: string | undefined, node: string, field: string): string {
  if (url !== undefined && url !== '') return url
  throw infraFailure(`SeiNode ${node} is ready but publishes no ${field}`)
}
