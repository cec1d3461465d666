import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { createClient } from '../../client/client.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { configMaps, type Place } from '../../contract/kinds.ts'
import { annotations } from '../../contract/labels.ts'
import type { ConfigMap, KubeObject } from '../../contract/objects.ts'
import { varsName } from '../../contract/scenario-names.ts'
import { parseStepGates, type StepGates } from '../../contract/step-gates.ts'
import type { MissingItem, Seal } from '../../contract/seal.ts'
import { errorText } from '../../errors/error-text.ts'
import { usageError } from '../../errors/sei-error.ts'
import { captureEvidence, type CaptureObserver } from '../../evidence/capture.ts'
import type { Item } from '../../evidence/item.ts'
import { logItems } from '../../evidence/log-items.ts'
import { writeSnapshot } from '../../evidence/report/write-snapshot.ts'
import type { RunScenarioOptions } from './options.ts'
import type { RunClosure } from './run-closure.ts'
import type { RunSecrets } from './run-secrets.ts'
import type { RunWatch } from './run-watch.ts'

export interface RunCapture {
  readonly options: RunScenarioOptions
  readonly watch: RunWatch
  readonly closure: RunClosure
  readonly secrets: RunSecrets
  /** What the steps passed on. */
  readonly vars: Readonly<Record<string, string>>
  readonly budgetMs: number
  /** What went wrong, if anything did. */
  readonly failure: string | undefined
  readonly signal: AbortSignal
  readonly observer: CaptureObserver
}

type Captured = Pick<NodeHandle, 'name' | 'namespace' | 'endpoints'>

/** Longest that finding the addresses of a run's nodes may take, ms. */
const addressMs = 3_000

/**
 * Keeps everything that a run left to see: Workflow, nodes, pods and their events as they were last seen, logs, what the steps
 * passed on, and the objects and logs of its networks. Throws only CAPTURE_FAILED, when the folder cannot be written.
 */
export async function captureRun(
  capture: RunCapture,
): Promise<{ readonly seal: Seal; readonly missing: readonly MissingItem[] }> {
  const { options, closure, secrets, watch, vars, budgetMs, signal } = capture
  const { kube, namespace } = options.cluster
  const { workflow, nodes } = watch.objects
  const { name } = options.rendered.workflow.metadata
  closure.look()
  await secrets.learn({ namespace, name, uid: workflow?.metadata.uid }, vars)
  const snapshot = writeSnapshot({ workflow, nodes, vars }, options.folder, secrets.redactor)
  const [seal, ...lost] = await Promise.all([
    captureEvidence({
      kube,
      networks: closure.networks.map((place) => ({ ...place, validators: [] })),
      nodes: await handles(options, closure.nodes),
      traces: [],
      failure: capture.failure,
      folder: join(options.folder, 'evidence'),
      budgetMs,
      signal,
      secrets: secrets.values,
      observer: capture.observer,
      items: runItems(capture),
    }),
    snapshot.then(
      () => [],
      (error: unknown): MissingItem[] => [{ item: 'workflow.yaml', reason: errorText(error) }],
    ),
  ])
  return { seal, missing: [...seal.missing, ...lost.flat()] }
}

function runItems({ options, watch, secrets }: RunCapture): Item[] {
  const { pods, events = [], logs } = watch.objects
  const { kube, namespace } = options.cluster
  const yaml = (path: string, items: readonly KubeObject[]): Item => ({
    path,
    read: async () => {
      const list = { apiVersion: 'v1', kind: 'List', items: items.map(bare) }
      return stringify(secrets.redactor.data(list), { lineWidth: 0, aliasDuplicateObjects: false })
    },
  })
  return [
    yaml('pods.yaml', pods),
    yaml('workflow-events.yaml', events),
    ...logItems(
      kube,
      pods
        .filter((pod) => watch.isThere(pod))
        .map((pod) => ({ ...pod, metadata: { namespace, ...pod.metadata } })),
    ),
    ...pods
      .filter((pod) => !watch.isThere(pod))
      .map(({ metadata: { name } }): Item => ({
        path: `logs/${name}/end.log`,
        read: async () => logs?.get(name),
      })),
  ]
}

/** What the steps passed on to each other, and what they left for the report. */
export interface PassedOn {
  readonly values: Readonly<Record<string, string>>
  readonly gates: StepGates
}

/** Empty where they wrote nothing. */
export async function readPassedOn({ cluster, rendered }: RunScenarioOptions): Promise<PassedOn> {
  const { kube, namespace } = cluster
  const name = varsName(rendered.workflow.metadata.name)
  const found = await kube.find<ConfigMap>(configMaps, { namespace, name })
  return {
    values: found?.data ?? {},
    gates: parseStepGates(found?.metadata.annotations?.[annotations.gates]),
  }
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
