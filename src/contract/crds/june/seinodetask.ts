import type { KubeObject } from '../../objects.ts'
import { conditions, int64, marker, taskPhase, taskTarget, text, time } from '../head/fragments.ts'
import { filledText } from '../head/fragments.ts'
import type { Conditioned, PlanTaskStatus, TaskTarget } from '../head/shared.ts'
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
} from '../head/task-payloads.ts'
import type { AwaitCondition, GovSoftwareUpgrade, GovVote } from '../head/task-payloads.ts'

export type JuneTaskKind =
  | 'GovSoftwareUpgrade'
  | 'GovVote'
  | 'AwaitCondition'
  | 'UpdateNodeImage'
  | 'AwaitNodesAtHeight'
  | 'DiscoverPeers'
  | 'RestartPod'

/** `kind` and exactly the one payload that belongs to it. */
export interface JuneTaskSpec {
  kind: JuneTaskKind
  target: TaskTarget
  /** Budget of the execution in seconds; 0 is the kind's default, for most kinds no limit. */
  timeoutSeconds?: number
  govSoftwareUpgrade?: GovSoftwareUpgrade
  govVote?: GovVote
  awaitCondition?: AwaitCondition
  awaitNodesAtHeight?: { targetHeight: number }
  updateNodeImage?: { image: string }
  discoverPeers?: Record<string, never>
  /** `podUID` is read from `<node>-0` as late as possible: a stale one deletes nothing, and the task completes all the same. */
  restartPod?: { podUID: string }
}

export interface JuneTaskOutputs {
  govSoftwareUpgrade?: { txHash?: string; height?: number; proposalId?: number }
  govVote?: { txHash?: string; height?: number }
  /** In the schema; the controller fills neither this one nor the next. */
  awaitCondition?: { observedValue?: number }
  awaitNodesAtHeight?: { currentHeight?: number }
  updateNodeImage?: { appliedImage?: string }
}

export interface JuneTaskStatus extends Conditioned {
  observedGeneration?: number
  /** Empty, not Pending, while the task waits for its target. */
  phase?: PlanTaskStatus
  phaseTransitionTime?: string
  startedAt?: string
  targetFirstObservedAt?: string
  task?: {
    id: string
    /** Stays Pending while the task is executed. */
    status: 'Pending' | 'Complete' | 'Failed'
    err?: string
    submittedAt?: string
    executionStartedAt?: string
    restartedPodUID?: string
  }
  outputs?: JuneTaskOutputs
}

/** One operation on one SeiNode of the same namespace, as it was for four hours of June 2026. */
export interface JuneTask extends KubeObject {
  spec: JuneTaskSpec
  status?: JuneTaskStatus
}

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
        status: { type: 'string', enum: ['Pending', 'Complete', 'Failed'] },
        err: text as typeof text,
        submittedAt: time as typeof time,
        executionStartedAt: time as typeof time,
        restartedPodUID: text as typeof text,
      },
      required: ['id', 'status'],
    },
    outputs: {
      type: 'object',
      properties: {
        govSoftwareUpgrade: proposalOutput as typeof proposalOutput,
        govVote: transactionOutput as typeof transactionOutput,
        awaitCondition: observedValueOutput as typeof observedValueOutput,
        awaitNodesAtHeight: currentHeightOutput as typeof currentHeightOutput,
        updateNodeImage: appliedImageOutput as typeof appliedImageOutput,
      },
    },
    conditions: conditions as typeof conditions,
  },
} as const

/** SeiNodeTask as of pull request 386 of sei-k8s-controller. Its type above and it are held to each other in crds.test-d.ts. */
export const juneTaskCrd = {
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
                      'AwaitCondition',
                      'UpdateNodeImage',
                      'AwaitNodesAtHeight',
                      'DiscoverPeers',
                      'RestartPod',
                    ],
                  },
                  target: taskTarget as typeof taskTarget,
                  timeoutSeconds: { type: 'integer', format: 'int32', minimum: 0 },
                  govSoftwareUpgrade: govSoftwareUpgrade as typeof govSoftwareUpgrade,
                  govVote: govVote as typeof govVote,
                  awaitCondition: awaitCondition as typeof awaitCondition,
                  awaitNodesAtHeight: targetHeight as typeof targetHeight,
                  updateNodeImage: updateNodeImage as typeof updateNodeImage,
                  discoverPeers: marker as typeof marker,
                  restartPod: {
                    type: 'object',
                    properties: { podUID: filledText as typeof filledText },
                    required: ['podUID'],
                  },
                },
                required: ['kind', 'target'],
                'x-kubernetes-validations': [
                  {
                    rule: '(has(self.govSoftwareUpgrade) ? 1 : 0) + (has(self.govVote) ? 1 : 0) + (has(self.awaitCondition) ? 1 : 0) + (has(self.updateNodeImage) ? 1 : 0) + (has(self.awaitNodesAtHeight) ? 1 : 0) + (has(self.discoverPeers) ? 1 : 0) + (has(self.restartPod) ? 1 : 0) == 1',
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
                    rule: "self.kind != 'DiscoverPeers' || has(self.discoverPeers)",
                    message: 'kind DiscoverPeers needs spec.discoverPeers',
                  },
                  {
                    rule: "self.kind != 'RestartPod' || has(self.restartPod)",
                    message: 'kind RestartPod needs spec.restartPod',
                  },
                  {
                    rule: "self.kind != 'RestartPod' || (has(self.restartPod) && size(self.restartPod.podUID) > 0)",
                    message: 'kind RestartPod needs the uid of a pod in spec.restartPod.podUID',
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
