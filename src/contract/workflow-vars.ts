/** Keys of the ConfigMap by which the steps of a Workflow pass values on. Scenarios read them by name: none is ever renamed. */
export const varKeys = {
  /** Name of the Workflow, for what is called a run id elsewhere is only its end. */
  runId: 'RUN_ID',
  chainId: 'CHAIN_ID',
  adminAddress: 'ADMIN_ADDRESS',
  /** Of the Secret; what it holds is never passed on. */
  adminSecretName: 'ADMIN_SECRET_NAME',
  exitReason: 'EXIT_REASON',
} as const

/** Keys that are written once for each role, behind its name: `VALIDATOR_TM_RPC`; see `roleKey`. */
export const roleVarKeys = {
  tendermintRpc: 'TM_RPC',
  tendermintRest: 'REST',
  /** Of the first node only: sequences that hold state, such as filters, must meet one node. */
  evmJsonRpc: 'EVM_RPC',
  /** Of every node, in the order of ordinals, joined by commas. */
  evmJsonRpcList: 'EVM_RPC_LIST',
} as const

/** Keys of the Secret of a generated key. */
export const keySecretKeys = { mnemonic: 'mnemonic', address: 'address' } as const
