/** Ports of a seid pod, by the names its container and headless Service give them. */
export const ports = {
  rpc: 26657,
  p2p: 26656,
  metrics: 26660,
  evmRpc: 8545,
  evmWs: 8546,
  rest: 1317,
  grpc: 9090,
  /** The sidecar behind kube-rbac-proxy: what the controller and tasks talk to. */
  api: 8443,
  sidecar: 7777,
  cosmosMetrics: 9300,
} as const

/** EVM chain id of every chain that is not one of the three public ones. */
export const localEvmChainId = 713714
