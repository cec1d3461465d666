import type { KubeObject } from '../../objects.ts'
import { anyJson, conditions, filledText, int64, keyName, marker } from './fragments.ts'
import { positiveInt64, taskPhase, taskTarget, text, time } from './fragments.ts'
import type { Conditioned, PlanTaskStatus, TaskTarget } from './shared.ts'
import {
  appliedImageOutput,
  awaitCondition,
  currentHeightOutput,
  govSoftwareUpgrade,
  govVote,
  observedValueOutput,
  proposalOutput,
  targetHeight,
  transactionOutput,
  updateNodeImage,
} from './task-payloads.ts'
import type { AwaitCondition, GovProposal, GovSoftwareUpgrade, GovVote } from './task-payloads.ts'

export type SeiNodeTaskKind =
  | 'GovSoftwareUpgrade'
  | 'GovVote'
  | 'GovParamChange'
  | 'AwaitCondition'
  | 'UpdateNodeImage'
  | 'AwaitNodesAtHeight'
  | 'RestartSeid'
  | 'MarkReady'

/** `kind` and exactly the one payload that belongs to it. */
export interface SeiNodeTaskSpec {
  kind: SeiNodeTaskKind
  target: TaskTarget
  /** Budget of the execution in seconds; 0 is the kind's default, for most kinds no limit. */
  timeoutSeconds?: number
  govSoftwareUpgrade?: GovSoftwareUpgrade
  govParamChange?: GovProposal & { changes: { subspace: string; key: string; value: unknown }[] }
  govVote?: GovVote
  awaitCondition?: AwaitCondition
  awaitNodesAtHeight?: { targetHeight: number }
  updateNodeImage?: { image: string }
  restartSeid?: Record<string, never>
  markReady?: Record<string, never>
}

export interface SeiNodeTaskOutputs {
  govSoftwareUpgrade?: { txHash?: string; height?: number; proposalId?: number }
  govParamChange?: { txHash?: string; height?: number; proposalId?: number }
  govVote?: { txHash?: string; height?: number }
  /** In the schema; the controller fills neither this one nor the next. */
  awaitCondition?: { observedValue?: number }
  awaitNodesAtHeight?: { currentHeight?: number }
  updateNodeImage?: { appliedImage?: string }
}

export interface SeiNodeTaskStatus extends Conditioned {
  observedGeneration?: number
  /** Empty, not Pending, while the task waits for its target. */
  phase?: PlanTaskStatus
  phaseTransitionTime?: string
  startedAt?: string
  targetFirstObservedAt?: string
  task?: {
    id: string
    status: PlanTaskStatus
    err?: string
    submittedAt?: string
    executionStartedAt?: string
  }
  outputs?: SeiNodeTaskOutputs
}

/** One operation on one SeiNode of the same namespace. */
export interface SeiNodeTask extends KubeObject {
  spec: SeiNodeTaskSpec
  status?: SeiNodeTaskStatus
}

const govParamChange = {
  type: 'object',
  properties: {
    chainId: filledText as typeof filledText,
    title: filledText as typeof filledText,
    description: filledText as typeof filledText,
    changes: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          subspace: filledText as typeof filledText,
          key: filledText as typeof filledText,
          value: anyJson as typeof anyJson,
        },
        required: ['key', 'subspace', 'value'],
      },
    },
    initialDeposit: filledText as typeof filledText,
    fees: filledText as typeof filledText,
    gas: positiveInt64 as typeof positiveInt64,
    keyName: keyName as typeof keyName,
    memo: text as typeof text,
  },
  required: ['chainId', 'changes', 'description', 'fees', 'gas', 'initialDeposit', 'title'],
} as const

const status = {
  type: 'object',
  properties: {
    observedGeneration: int64 as typeof int64,
    phase: taskPhase as typeof taskPhase,
    phaseTransitionTime: time as typeof time,
    startedAt: time as typeof time,
    targetFirstObservedAt: time as typeof time,
    task: {
      type: 'object',
      properties: {
        id: text as typeof text,
        status: taskPhase as typeof taskPhase,
        err: text as typeof text,
        submittedAt: time as typeof time,
        executionStartedAt: time as typeof time,
      },
      required: ['id', 'status'],
    },
    outputs: {
      type: 'object',
      properties: {
        govSoftwareUpgrade: proposalOutput as typeof proposalOutput,
        govParamChange: proposalOutput as typeof proposalOutput,
        govVote: transactionOutput as typeof transactionOutput,
        awaitCondition: observedValueOutput as typeof observedValueOutput,
        awaitNodesAtHeight: currentHeightOutput as typeof currentHeightOutput,
        updateNodeImage: appliedImageOutput as typeof appliedImageOutput,
      },
    },
    conditions: conditions as typeof conditions,
  },
} as const

/** The definition of SeiNodeTask. Its type above and it are held to each other in crds.test-d.ts. */
export const seiNodeTaskCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'seinodetasks.sei.io' },
  spec: {
    group: 'sei.io',
    names: {
      kind: 'SeiNodeTask',
      listKind: 'SeiNodeTaskList',
      plural: 'seinodetasks',
      singular: 'seinodetask',
      shortNames: ['snt'],
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
            description: 'One operation on one SeiNode of the same namespace.',
            properties: {
              apiVersion: text as typeof text,
              kind: text as typeof text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: {
                  kind: {
                    type: 'string',
                    enum: [
                      'GovSoftwareUpgrade',
                      'GovVote',
                      'GovParamChange',
                      'AwaitCondition',
                      'UpdateNodeImage',
                      'AwaitNodesAtHeight',
                      'RestartSeid',
                      'MarkReady',
                    ],
                  },
                  target: taskTarget as typeof taskTarget,
                  timeoutSeconds: { type: 'integer', format: 'int32', minimum: 0 },
                  govSoftwareUpgrade: govSoftwareUpgrade as typeof govSoftwareUpgrade,
                  govParamChange: govParamChange as typeof govParamChange,
                  govVote: govVote as typeof govVote,
                  awaitCondition: awaitCondition as typeof awaitCondition,
                  awaitNodesAtHeight: targetHeight as typeof targetHeight,
                  updateNodeImage: updateNodeImage as typeof updateNodeImage,
                  restartSeid: marker as typeof marker,
                  markReady: marker as typeof marker,
                },
                required: ['kind', 'target'],
                'x-kubernetes-validations': [
                  {
                    rule: '(has(self.govSoftwareUpgrade) ? 1 : 0) + (has(self.govVote) ? 1 : 0) + (has(self.govParamChange) ? 1 : 0) + (has(self.awaitCondition) ? 1 : 0) + (has(self.updateNodeImage) ? 1 : 0) + (has(self.awaitNodesAtHeight) ? 1 : 0) + (has(self.restartSeid) ? 1 : 0) + (has(self.markReady) ? 1 : 0) == 1',
                    message: 'set exactly one payload, the one that belongs to spec.kind',
                  },
                  {
                    rule: "self.kind != 'GovSoftwareUpgrade' || has(self.govSoftwareUpgrade)",
                    message: 'kind GovSoftwareUpgrade needs spec.govSoftwareUpgrade',
                  },
                  {
                    rule: "self.kind != 'GovVote' || has(self.govVote)",
                    message: 'kind GovVote needs spec.govVote',
                  },
                  {
                    rule: "self.kind != 'GovParamChange' || has(self.govParamChange)",
                    message: 'kind GovParamChange needs spec.govParamChange',
                  },
                  {
                    rule: "self.kind != 'AwaitCondition' || has(self.awaitCondition)",
                    message: 'kind AwaitCondition needs spec.awaitCondition',
                  },
                  {
                    rule: "self.kind != 'UpdateNodeImage' || has(self.updateNodeImage)",
                    message: 'kind UpdateNodeImage needs spec.updateNodeImage',
                  },
                  {
                    rule: "self.kind != 'AwaitNodesAtHeight' || has(self.awaitNodesAtHeight)",
                    message: 'kind AwaitNodesAtHeight needs spec.awaitNodesAtHeight',
                  },
                  {
                    rule: "self.kind != 'RestartSeid' || has(self.restartSeid)",
                    message: 'kind RestartSeid needs spec.restartSeid',
                  },
                  {
                    rule: "self.kind != 'MarkReady' || has(self.markReady)",
                    message: 'kind MarkReady needs spec.markReady',
                  },
                  { rule: 'self.kind == oldSelf.kind', message: 'spec.kind cannot change' },
                ],
              },
              status: status as typeof status,
            },
          },
        },
      },
    ],
  },
} as const
