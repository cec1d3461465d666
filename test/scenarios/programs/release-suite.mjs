// Stands for the image of the release suite: reads what that reads, and asks the follower for its height by every door.
const names = [
  'SEI_CHAIN_ID',
  'SEI_ADMIN_ADDRESS',
  'SEI_ADMIN_MNEMONIC',
  'SEI_TENDERMINT_RPC',
  'SEI_EVM_JSON_RPC',
  'SEI_REST_ENDPOINT',
]
const wrong = names.filter(
  (name) => (process.env[name] ?? '').length === 0 || process.env[name].includes('$('),
)
if (wrong.length > 0) {
  console.error(`not set: ${wrong.join(', ')}`)
  process.exit(2)
}
const {
  SEI_TENDERMINT_RPC: rpc,
  SEI_EVM_JSON_RPC: evm,
  SEI_REST_ENDPOINT: rest,
  SEI_CHAIN_ID: chainId,
} = process.env
const status = await (await fetch(`${rpc}/status`)).json()
const network = (status.result ?? status).node_info.network
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
const headers = { 'content-type': 'application/json' }
const block = await (await fetch(evm, { method: 'POST', headers, body })).json()
const info = await (await fetch(`${rest}/cosmos/base/tendermint/v1beta1/node_info`)).json()
console.log(`${network} at EVM block ${Number(block.result)}, ${info.default_node_info.network}`)
process.exit(network === chainId && Number(block.result) > 0 ? 0 : 1)
