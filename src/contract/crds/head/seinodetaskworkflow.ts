import type { KubeObject } from '../../objects.ts'
import { conditions, int64, plan, rpcServers, taskPhase, taskTarget, text, time } from './fragments.ts'
import type { Conditioned, Plan, PlanTaskStatus, TaskTarget } from './shared.ts'

export interface SeiNodeTaskWorkflowSpec {
  kind: 'StateSync'
  target: TaskTarget
  stateSync?: {
    /** @default the target's `status.resolvedStateSyncers` */
    rpcServers?: string[]
    migration?: { kind: 'GigaStore'; gigaStore?: { backend?: 'pebbledb' | 'rocksdb' } }
  }
}

export interface SeiNodeTaskWorkflowStatus extends Conditioned {
  observedGeneration?: number
  /** Left out until the target node first looks at the workflow. */
  phase?: PlanTaskStatus
  targetFirstObservedAt?: string
  /** Kept after completion. */
  plan?: Plan
}

/** A recipe of several steps on one full node; the target node itself works through it. */
export interface SeiNodeTaskWorkflow extends KubeObject {
  spec: SeiNodeTaskWorkflowSpec
  status?: SeiNodeTaskWorkflowStatus
}

const migration = {
  type: 'object',
  properties: {
    kind: { type: 'string', enum: ['GigaStore'] },
    gigaStore: {
      type: 'object',
      properties: { backend: { type: 'string', enum: ['pebbledb', 'rocksdb'], default: 'pebbledb' } },
    },
  },
  required: ['kind'],
  'x-kubernetes-validations': [
    {
      rule: '(has(self.gigaStore) ? 1 : 0) == 1',
      message: 'set exactly one payload; gigaStore is the only one',
    },
    { rule: "self.kind != 'GigaStore' || has(self.gigaStore)", message: 'kind GigaStore needs gigaStore' },
  ],
} as const

/** The definition of SeiNodeTaskWorkflow. Its type above and it are held to each other in crds.test-d.ts. */
export const seiNodeTaskWorkflowCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'seinodetaskworkflows.sei.io' },
  spec: {
    group: 'sei.io',
    names: {
      kind: 'SeiNodeTaskWorkflow',
      listKind: 'SeiNodeTaskWorkflowList',
      plural: 'seinodetaskworkflows',
      singular: 'seinodetaskworkflow',
      shortNames: ['sntw'],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Kind', type: 'string', jsonPath: '.spec.kind' },
          { name: 'Target', type: 'string', jsonPath: '.spec.target.nodeRef.name' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A recipe of several steps on one full node.',
            properties: {
              apiVersion: text as typeof text,
              kind: text as typeof text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: {
                  kind: { type: 'string', enum: ['StateSync'] },
                  target: taskTarget as typeof taskTarget,
                  stateSync: {
                    type: 'object',
                    properties: {
                      rpcServers: rpcServers as typeof rpcServers,
                      migration: migration as typeof migration,
                    },
                  },
                },
                required: ['kind', 'target'],
                'x-kubernetes-validations': [
                  {
                    rule: '(has(self.stateSync) ? 1 : 0) == 1',
                    message: 'set exactly one recipe; stateSync is the only one',
                  },
                  {
                    rule: "self.kind != 'StateSync' || has(self.stateSync)",
                    message: 'kind StateSync needs spec.stateSync',
                  },
                  { rule: 'self.kind == oldSelf.kind', message: 'spec.kind cannot change' },
                  { rule: 'self.target == oldSelf.target', message: 'spec.target cannot change' },
                  { rule: 'self.stateSync == oldSelf.stateSync', message: 'spec.stateSync cannot change' },
                ],
              },
              status: {
                type: 'object',
                properties: {
                  observedGeneration: int64 as typeof int64,
                  phase: taskPhase as typeof taskPhase,
                  targetFirstObservedAt: time as typeof time,
                  plan: plan as typeof plan,
                  conditions: conditions as typeof conditions,
                },
              },
            },
          },
        },
      },
    ],
  },
} as const
