import { isDeepStrictEqual } from 'node:util'

import type { PlanTask } from '../../../contract/crds/head/shared.ts'
import { seiNodes } from '../../../contract/kinds.ts'
import { p2pAddress } from '../../../contract/names.ts'
import { type Outcome, type TaskRunner, TerminalTaskError } from '../plans/execute.ts'
import { runSidecarTask } from '../sidecar/run-task.ts'
import { sidecarTarget } from '../sidecar/target.ts'
import { type NetworkContext, updateManager } from './context.ts'
import type { NetworkDraft } from './draft.ts'

/** Carries out the ceremony. Whom it is about is in the plan, fixed when that was built. */
export function networkTaskRunner(context: NetworkContext, draft: NetworkDraft): TaskRunner {
  const { namespace = '' } = draft.metadata
  return {
    async execute(task: PlanTask) {
      switch (task.type) {
        case 'assemble-and-upload-genesis':
          return assemble(context, namespace, task)
        case 'collect-and-set-peers':
          return collectAndSetPeers(context, namespace, nodeNamesOf(task))
        case 'await-nodes-running':
          return awaitNodesRunning(context, namespace, nodeNamesOf(task))
        default:
          throw new TerminalTaskError(`unknown task type "${task.type}"`)
      }
    },
  }
}

/** The first child's sidecar assembles; it fails until every validator has uploaded its part. */
function assemble(context: NetworkContext, namespace: string, task: PlanTask): Promise<Outcome> {
  const params = paramsOf(task)['Nodes']
  const names = Array.isArray(params) ? params.map((node) => String(Reflect.get(Object(node), 'name'))) : []
  const assembler = names.toSorted()[0]
  if (assembler === undefined) throw new TerminalTaskError('no nodes to assemble the genesis of')
  return runSidecarTask(context.sidecar, sidecarTarget(context.services, namespace, assembler), task)
}

/** Writes the addresses of all validators, each one's own included, into the spec of every one of them. */
async function collectAndSetPeers(
  context: NetworkContext,
  namespace: string,
  names: readonly string[],
): Promise<Outcome> {
  const addresses = await Promise.all(
    names.map(async (name) => {
      const id = await context.sidecar.nodeId(sidecarTarget(context.services, namespace, name))
      return `${id}@${p2pAddress(name, namespace)}`
    }),
  )
  const peers = [{ static: { addresses } }]
  await Promise.all(
    names.map(async (name) => {
      const node = context.nodes.get({ namespace, name })
      if (node === undefined) throw new Error(`getting node ${name}: not found`)
      if (isDeepStrictEqual(node.spec.peers, peers)) return
      const body = { metadata: { uid: node.metadata.uid }, spec: { peers } }
      const options = { type: 'merge', fieldManager: updateManager } as const
      context.nodes.note(await context.kube.patch(seiNodes, { namespace, name }, body, options))
    }),
  )
  return { state: 'complete' }
}

function awaitNodesRunning(
  context: NetworkContext,
  namespace: string,
  names: readonly string[],
): Promise<Outcome> {
  const phases = names.map((name) => context.nodes.get({ namespace, name })?.status?.phase)
  const failed = names[phases.indexOf('Failed')]
  if (failed !== undefined)
    return Promise.resolve({ state: 'failed', error: `node ${failed} is in Failed phase` })
  const all = phases.every((phase) => phase === 'Running')
  return Promise.resolve({ state: all ? 'complete' : 'running' })
}

function nodeNamesOf(task: PlanTask): string[] {
  const names = paramsOf(task)['nodeNames']
  return Array.isArray(names) ? names.map(String) : []
}

function paramsOf(task: PlanTask): Record<string, unknown> {
  return typeof task.params === 'object' && task.params !== null ? { ...task.params } : {}
}
