/** Messages of the Cosmos SDK that a transaction is made of, by their short names. Numbers are 64-bit on the wire. */
export interface Messages {
  Any: { readonly typeUrl: string; readonly value: Uint8Array }
  AuthInfo: {
    readonly signerInfos: readonly Messages['SignerInfo'][]
    readonly fee: Messages['Fee'] | undefined
  }
  BaseAccount: {
    readonly address: string
    readonly pubKey: Messages['Any'] | undefined
    readonly accountNumber: number
    readonly sequence: number
  }
  CancelSoftwareUpgradeProposal: { readonly title: string; readonly description: string }
  Coin: { readonly denom: string; readonly amount: string }
  Fee: {
    readonly amount: readonly Messages['Coin'][]
    readonly gasLimit: number
    readonly payer: string
    readonly granter: string
  }
  ModeInfo: { readonly single: Messages['Single'] | undefined }
  MsgData: { readonly msgType: string; readonly data: Uint8Array }
  MsgDeposit: {
    readonly proposalId: number
    readonly depositor: string
    readonly amount: readonly Messages['Coin'][]
  }
  MsgSend: {
    readonly fromAddress: string
    readonly toAddress: string
    readonly amount: readonly Messages['Coin'][]
  }
  MsgSubmitProposal: {
    readonly content: Messages['Any'] | undefined
    readonly initialDeposit: readonly Messages['Coin'][]
    readonly proposer: string
    readonly isExpedited: boolean
  }
  MsgSubmitProposalResponse: { readonly proposalId: number }
  MsgVote: { readonly proposalId: number; readonly voter: string; readonly option: number }
  ParamChange: { readonly subspace: string; readonly key: string; readonly value: string }
  ParameterChangeProposal: {
    readonly title: string
    readonly description: string
    readonly changes: readonly Messages['ParamChange'][]
    readonly isExpedited: boolean
  }
  Plan: { readonly name: string; readonly height: number; readonly info: string }
  PubKey: { readonly key: Uint8Array }
  QueryAccountRequest: { readonly address: string }
  QueryAccountResponse: { readonly account: Messages['Any'] | undefined }
  SignDoc: {
    readonly bodyBytes: Uint8Array
    readonly authInfoBytes: Uint8Array
    readonly chainId: string
    readonly accountNumber: number
  }
  SignerInfo: {
    readonly publicKey: Messages['Any'] | undefined
    readonly modeInfo: Messages['ModeInfo'] | undefined
    readonly sequence: number
  }
  Single: { readonly mode: number }
  SoftwareUpgradeProposal: {
    readonly title: string
    readonly description: string
    readonly plan: Messages['Plan'] | undefined
  }
  TextProposal: { readonly title: string; readonly description: string }
  TxBody: {
    readonly messages: readonly Messages['Any'][]
    readonly memo: string
    readonly timeoutHeight: number
    readonly extensionOptions: readonly Messages['Any'][]
  }
  TxMsgData: { readonly data: readonly Messages['MsgData'][] }
  TxRaw: {
    readonly bodyBytes: Uint8Array
    readonly authInfoBytes: Uint8Array
    readonly signatures: readonly Uint8Array[]
  }
}
export type MessageName = keyof Messages

/** One line a message, as `number:name:type`; `[]` after a type is a list. Numbers: proto/cosmos of sei-chain. */
export const messageTables: Readonly<Record<MessageName, string>> = {
  Any: '1:typeUrl:string 2:value:bytes',
  AuthInfo: '1:signerInfos:SignerInfo[] 2:fee:Fee',
  BaseAccount: '1:address:string 2:pubKey:Any 3:accountNumber:int 4:sequence:int',
  CancelSoftwareUpgradeProposal: '1:title:string 2:description:string',
  Coin: '1:denom:string 2:amount:string',
  Fee: '1:amount:Coin[] 2:gasLimit:int 3:payer:string 4:granter:string',
  ModeInfo: '1:single:Single',
  MsgData: '1:msgType:string 2:data:bytes',
  MsgDeposit: '1:proposalId:int 2:depositor:string 3:amount:Coin[]',
  MsgSend: '1:fromAddress:string 2:toAddress:string 3:amount:Coin[]',
  MsgSubmitProposal: '1:content:Any 2:initialDeposit:Coin[] 3:proposer:string 4:isExpedited:bool',
  MsgSubmitProposalResponse: '1:proposalId:int',
  MsgVote: '1:proposalId:int 2:voter:string 3:option:int',
  ParamChange: '1:subspace:string 2:key:string 3:value:string',
  ParameterChangeProposal: '1:title:string 2:description:string 3:changes:ParamChange[] 4:isExpedited:bool',
  Plan: '1:name:string 3:height:int 4:info:string',
  PubKey: '1:key:bytes',
  QueryAccountRequest: '1:address:string',
  QueryAccountResponse: '1:account:Any',
  SignDoc: '1:bodyBytes:bytes 2:authInfoBytes:bytes 3:chainId:string 4:accountNumber:int',
  SignerInfo: '1:publicKey:Any 2:modeInfo:ModeInfo 3:sequence:int',
  Single: '1:mode:int',
  SoftwareUpgradeProposal: '1:title:string 2:description:string 3:plan:Plan',
  TextProposal: '1:title:string 2:description:string',
  TxBody: '1:messages:Any[] 2:memo:string 3:timeoutHeight:int 1023:extensionOptions:Any[]',
  TxMsgData: '1:data:MsgData[]',
  TxRaw: '1:bodyBytes:bytes 2:authInfoBytes:bytes 3:signatures:bytes[]',
}

/** What an `Any` may hold, by type URL. */
export const typeUrls = {
  '/cosmos.bank.v1beta1.MsgSend': 'MsgSend',
  '/cosmos.gov.v1beta1.MsgSubmitProposal': 'MsgSubmitProposal',
  '/cosmos.gov.v1beta1.MsgDeposit': 'MsgDeposit',
  '/cosmos.gov.v1beta1.MsgVote': 'MsgVote',
  '/cosmos.gov.v1beta1.TextProposal': 'TextProposal',
  '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal': 'SoftwareUpgradeProposal',
  '/cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal': 'CancelSoftwareUpgradeProposal',
  '/cosmos.params.v1beta1.ParameterChangeProposal': 'ParameterChangeProposal',
  '/cosmos.crypto.secp256k1.PubKey': 'PubKey',
} as const
export type TypeUrl = keyof typeof typeUrls

/** Messages that a transaction may carry, as data: the type URL in `@type`, beside the message's own fields. */
export type TxMessage =
  | ({ readonly '@type': '/cosmos.bank.v1beta1.MsgSend' } & Messages['MsgSend'])
  | ({ readonly '@type': '/cosmos.gov.v1beta1.MsgDeposit' } & Messages['MsgDeposit'])
  | ({ readonly '@type': '/cosmos.gov.v1beta1.MsgVote' } & Messages['MsgVote'])
  | ({ readonly '@type': '/cosmos.gov.v1beta1.MsgSubmitProposal'; readonly content: ProposalContent } & Omit<
      Messages['MsgSubmitProposal'],
      'content'
    >)

export type ProposalContent =
  | ({ readonly '@type': '/cosmos.gov.v1beta1.TextProposal' } & Messages['TextProposal'])
  | ({
      readonly '@type': '/cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal'
    } & Messages['CancelSoftwareUpgradeProposal'])
  | ({
      readonly '@type': '/cosmos.params.v1beta1.ParameterChangeProposal'
    } & Messages['ParameterChangeProposal'])
  | ({
      readonly '@type': '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal'
      readonly plan: Messages['Plan']
    } & Omit<Messages['SoftwareUpgradeProposal'], 'plan'>)

/** `MsgVote.option` by the names that governance prints. */
export const voteOptions = {
  VOTE_OPTION_YES: 1,
  VOTE_OPTION_ABSTAIN: 2,
  VOTE_OPTION_NO: 3,
  VOTE_OPTION_NO_WITH_VETO: 4,
} as const
