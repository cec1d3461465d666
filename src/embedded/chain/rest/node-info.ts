import { channelsHex, nodeInfo } from '../identity.ts'
import { hexToBase64 } from '../encoding.ts'
import { reportsCatchingUp } from '../rpc/status.ts'
import type { SeidNode } from '../seid-node.ts'
import type { RestRoute } from './route.ts'

/** A few of the modules that a real binary lists. */
const buildDeps = [
  {
    path: 'cosmossdk.io/errors',
    version: 'v1.0.2',
    sum: 'h1:wcYiJz08HThbWxd/L4jObeLaLySopyyuUFB5w4AGpCo=',
  },
  { path: 'google.golang.org/grpc', version: 'v1.80.0', sum: '' },
  {
    path: 'gopkg.in/yaml.v3',
    version: 'v3.0.1',
    sum: 'h1:fxVm/GzAzEWqLHuvctI91KS9hhNmmWOoWu0XTYJS7CA=',
  },
]

export const nodeRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/cosmos/base/tendermint/v1beta1/node_info',
    run: ({ node }) => ({ default_node_info: defaultNodeInfo(node), application_version: version(node) }),
  },
  {
    method: 'GET',
    path: '/cosmos/base/tendermint/v1beta1/syncing',
    run: ({ node }) => ({ syncing: reportsCatchingUp(node) }),
  },
  {
    method: 'GET',
    path: '/node_info',
    run: ({ node }) => ({ node_info: nodeInfo(node), application_version: version(node) }),
  },
  { method: 'GET', path: '/syncing', run: ({ node }) => ({ syncing: reportsCatchingUp(node) }) },
]

function defaultNodeInfo(node: SeidNode): unknown {
  const { protocol_version, id, listen_addr, network, version, moniker, other } = nodeInfo(node)
  return {
    protocol_version,
    node_id: id,
    listen_addr,
    network,
    version,
    channels: hexToBase64(channelsHex),
    moniker,
    other,
  }
}

function version(node: SeidNode): unknown {
  return {
    name: 'sei',
    app_name: 'seid',
    version: node.version,
    git_commit: '73f917bbd46f8f6cad3d48d419b06cec343cc4c7',
    build_tags: 'netgo',
    go_version: 'go version go1.26.8 linux/amd64',
    build_deps: buildDeps,
    cosmos_sdk_version: '',
  }
}
