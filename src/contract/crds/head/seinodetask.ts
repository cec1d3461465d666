import type { KubeObject } from '../../objects.ts'
import { anyJson, conditions, filledText, int64, keyName, marker, nodeImage } from './fragments.ts'
import { positiveInt64, taskPhase, taskTarget, text, time } from './fragments.ts'
import type { Conditioned, PlanTaskStatus, TaskTarget } from './shared.ts'

export type SeiNodeTaskKind =
  | 'GovSoftwareUpgrade'
  | 'GovVote'
  | 'GovParamChange'
  | 'AwaitCondition'
  | 'UpdateNodeImage'
  | 'AwaitNodesAtHeight'
  | 'RestartSeid'
  | 'MarkReady'

/** What the three governance payloads share. `fees` and deposits are coins in usei only. */
interface GovTransaction {
  chainId: string
  fees: string
  gas: number
  /** Key in the node's keyring. @default the operator keyring's, else `validator` */
  keyName?: string
  memo?: string
}

interface GovProposal extends GovTransaction {
  title: string
  description: string
  initialDeposit: string
}

/** `kind` and exactly the one payload that belongs to it. */
export interface SeiNodeTaskSpec {
  kind: SeiNodeTaskKind
  target: TaskTarget
  /** Budget of the execution in seconds; 0 is the kind's default, for most kinds no limit. */
  timeoutSeconds?: number
  govSoftwareUpgrade?: GovProposal & { upgradeName: string; upgradeHeight: number; upgradeInfo?: string }
  govParamChange?: GovProposal & { changes: { subspace: string; key: string; value: unknown }[] }
  govVote?: GovTransaction & {
    proposalId: number
    option: 'yes' | 'no' | 'abstain' | 'no_with_veto' | 'no-with-veto'
  }
  awaitCondition?: { height?: { targetHeight: number }; action?: 'SIGTERM_SEID' }
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

const govSoftwareUpgrade = {
  type: 'object',
  properties: {
    chainId: filledText as typeof filledText,
    title: filledText as typeof filledText,
    description: filledText as typeof filledText,
    upgradeName: filledText as typeof filledText,
    upgradeHeight: positiveInt64 as typeof positiveInt64,
    upgradeInfo: text as typeof text,
    initialDeposit: filledText as typeof filledText,
    fees: filledText as typeof filledText,
    gas: positiveInt64 as typeof positiveInt64,
    keyName: keyName as typeof keyName,
    memo: text as typeof text,
  },
  required: [
    'chainId',
    'description',
    'fees',
    'gas',
    'initialDeposit',
    'title',
    'upgradeHeight',
    'upgradeName',
  ],
} as const

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

const govVote = {
  type: 'object',
  properties: {
    chainId: filledText as typeof filledText,
    proposalId: positiveInt64 as typeof positiveInt64,
    option: { type: 'string', enum: ['yes', 'no', 'abstain', 'no_with_veto', 'no-with-veto'] },
    fees: filledText as typeof filledText,
    gas: positiveInt64 as typeof positiveInt64,
    keyName: keyName as typeof keyName,
    memo: text as typeof text,
  },
  required: ['chainId', 'fees', 'gas', 'option', 'proposalId'],
} as const

const targetHeight = {
  type: 'object',
  properties: { targetHeight: positiveInt64 as typeof positiveInt64 },
  required: ['targetHeight'],
} as const

const proposalOutput = {
  type: 'object',
  properties: {
    txHash: text as typeof text,
    height: int64 as typeof int64,
    proposalId: int64 as typeof int64,
  },
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
        govVote: {
          type: 'object',
          properties: { txHash: text as typeof text, height: int64 as typeof int64 },
        },
        awaitCondition: { type: 'object', properties: { observedValue: int64 as typeof int64 } },
        awaitNodesAtHeight: { type: 'object', properties: { currentHeight: int64 as typeof int64 } },
        updateNodeImage: { type: 'object', properties: { appliedImage: text as typeof text } },
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
                  awaitCondition: {
                    type: 'object',
                    properties: {
                      height: targetHeight as typeof targetHeight,
                      action: { type: 'string', enum: ['SIGTERM_SEID'] },
                    },
                    'x-kubernetes-validations': [
                      {
                        rule: '(has(self.height) ? 1 : 0) == 1',
                        message: 'set exactly one condition; height is the only one',
                      },
                    ],
                  },
                  awaitNodesAtHeight: targetHeight as typeof targetHeight,
                  updateNodeImage: {
                    type: 'object',
                    properties: { image: nodeImage as typeof nodeImage },
                    required: ['image'],
                  },
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
