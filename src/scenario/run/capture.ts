import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { createClient } from '../../client/client.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { configMaps, type Place } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { varsName } from '../../contract/scenario-names.ts'
import type { Seal } from '../../contract/seal.ts'
import { usageError } from '../../errors/sei-error.ts'
import { captureEvidence } from '../../evidence/capture.ts'
import type { Item } from '../../evidence/item.ts'
import { logItems } from '../../evidence/log-items.ts'
import type { RunScenarioOptions } from './options.ts'
import type { RunClosure } from './run-closure.ts'
import type { RunSecrets } from './run-secrets.ts'
import type { RunWatch } from './run-watch.ts'
import { trimNode } from './trim-node.ts'

export interface RunCapture {
  readonly options: RunScenarioOptions
  readonly watch: RunWatch
  readonly closure: RunClosure
  readonly secrets: RunSecrets
  readonly budgetMs: number
  /** What went wrong, if anything did. */
  readonly failure: string | undefined
  readonly signal: AbortSignal
}

type Captured = Pick<NodeHandle, 'name' | 'namespace' | 'endpoints'>

/** Longest that finding the addresses of a run's nodes may take, ms. */
const addressMs = 3_000

/**
 * Keeps everything that a run left to see: Workflow, nodes, pods and their events as they were last seen, logs, what the steps
 * passed on, and the objects and logs of its networks. Throws only CAPTURE_FAILED, when the folder cannot be written.
 */
export async function captureRun(capture: RunCapture): Promise<Seal> {
  const { options, closure, secrets, watch, budgetMs, signal } = capture
  const { kube } = options.cluster
  closure.look()
  await secrets.learn(watch.objects.workflow?.metadata.uid, signal)
  return await captureEvidence({
    kube,
    networks: closure.networks.map((place) => ({ ...place, validators: [] })),
    nodes: await handles(options, closure.nodes),
    traces: [],
    failure: capture.failure,
    folder: options.folder,
    budgetMs,
    signal,
    secrets: secrets.values,
    items: runItems(capture),
  })
}

/** In YAML, under the names that a report has in its bucket. */
function runItems({ options, watch, secrets }: RunCapture): Item[] {
  const { nodes, pods, events = [], workflow } = watch.objects
  const { kube, namespace } = options.cluster
  const { redactor } = secrets
  const yaml = (path: string, read: () => Promise<unknown>): Item => ({
    path,
    read: async () => {
      const value = await read()
      return value === undefined ? undefined : stringify(redactor.data(value), { lineWidth: 0 })
    },
  })
  const list = (items: readonly KubeObject[]): object => ({ apiVersion: 'v1', kind: 'List', items })
  return [
    yaml('workflow.yaml', async () => (workflow === undefined ? undefined : bare(workflow))),
    yaml('workflownodes.yaml', async () => list(nodes.map((node) => trimNode(node, redactor)))),
    yaml('pods.yaml', async () => list(pods.map(bare))),
    yaml('workflow-events.yaml', async () => list(events.map(bare))),
    yaml('workflow-vars.yaml', () => readVars(options)),
    ...logItems(
      kube,
      pods.map((pod) => ({ ...pod, metadata: { namespace, ...pod.metadata } })),
    ),
  ]
}

/** What the steps passed on; undefined where they wrote nothing. */
export async function readVars({
  cluster,
  rendered,
}: RunScenarioOptions): Promise<Record<string, string> | undefined> {
  const { kube, namespace } = cluster
  const name = varsName(rendered.workflow.metadata.name)
  const found = await kube.find<KubeObject & { data?: Record<string, string> }>(configMaps, {
    namespace,
    name,
  })
  return found?.data
}

function bare<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** Nodes with their addresses where these can be found soon: what cannot be asked still has objects and logs. */
async function handles(
  { cluster }: RunScenarioOptions,
  nodes: readonly Place[],
): Promise<readonly Captured[]> {
  if (nodes.length === 0) return []
  const client = createClient(cluster)
  try {
    return await Promise.all(
      nodes.map((place) =>
        Promise.race([
          client.getNode(place.name, place.namespace).catch(() => unreachable(place)),
          sleep(addressMs, unreachable(place), { ref: false }),
        ]),
      ),
    )
  } finally {
    client.close()
  }
}

function unreachable(place: Place): Captured {
  return {
    ...place,
    get endpoints(): never {
      throw usageError([
        {
          what: `node ${place.name} has no address that answers here`,
          where: 'capture',
          expected: 'a node that runs',
          fix: 'its objects and logs are kept all the same',
        },
      ])
    },
  }
}
