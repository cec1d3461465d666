/** Payloads and outputs that the SeiNodeTasks of every era have. */
import { filledText, int64, keyName, nodeImage, positiveInt64, text } from './fragments.ts'

/** What the three governance payloads share. `fees` and deposits are coins in usei only. */
export interface GovTransaction {
  chainId: string
  fees: string
  gas: number
  /** Key in the node's keyring. @default the operator keyring's, else `validator` */
  keyName?: string
  memo?: string
}

export interface GovProposal extends GovTransaction {
  title: string
  description: string
  initialDeposit: string
}

export interface GovSoftwareUpgrade extends GovProposal {
  upgradeName: string
  upgradeHeight: number
  upgradeInfo?: string
}

export interface GovVote extends GovTransaction {
  proposalId: number
  option: 'yes' | 'no' | 'abstain' | 'no_with_veto' | 'no-with-veto'
}

export interface AwaitCondition {
  height?: { targetHeight: number }
  action?: 'SIGTERM_SEID'
}

export const govSoftwareUpgrade = {
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

export const govVote = {
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

export const targetHeight = {
  type: 'object',
  properties: { targetHeight: positiveInt64 as typeof positiveInt64 },
  required: ['targetHeight'],
} as const

export const awaitCondition = {
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
} as const

export const updateNodeImage = {
  type: 'object',
  properties: { image: nodeImage as typeof nodeImage },
  required: ['image'],
} as const

export const proposalOutput = {
  type: 'object',
  properties: {
    txHash: text as typeof text,
    height: int64 as typeof int64,
    proposalId: int64 as typeof int64,
  },
} as const

export const transactionOutput = {
  type: 'object',
  properties: { txHash: text as typeof text, height: int64 as typeof int64 },
} as const

/** In the schema; the controller fills neither this one nor the next. */
export const observedValueOutput = {
  type: 'object',
  properties: { observedValue: int64 as typeof int64 },
} as const

export const currentHeightOutput = {
  type: 'object',
  properties: { currentHeight: int64 as typeof int64 },
} as const

export const appliedImageOutput = {
  type: 'object',
  properties: { appliedImage: text as typeof text },
} as const
