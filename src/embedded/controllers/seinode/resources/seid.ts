import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import type { Container } from '../../../../contract/objects.ts'
import { ports } from '../../../../contract/ports.ts'
import type { Platform } from '../../platform.ts'
import { nodeKeySecretOf, operatorKeyringOf, roleOf, sidecarPortOf, signingKeySecretOf } from '../mode.ts'
import { keyringEnv, keyringMounts } from './keyring.ts'
import { paths, securityContext } from './paths.ts'

type Mounts = NonNullable<Container['volumeMounts']>

const baseMounts: Mounts = [
  { name: 'data', mountPath: paths.data },
  { name: 'home', mountPath: paths.home },
]

/** Ports of seid in the order of its container and Service. */
export const seidPorts: readonly { readonly name: string; readonly port: number }[] = [
  { name: 'evm-rpc', port: ports.evmRpc },
  { name: 'evm-ws', port: ports.evmWs },
  { name: 'grpc', port: ports.grpc },
  { name: 'rest', port: ports.rest },
  { name: 'p2p', port: ports.p2p },
  { name: 'rpc', port: ports.rpc },
  { name: 'metrics', port: ports.metrics },
]

/** Runs `seid init` once; on validators it also sets the keyring back end at each boot. */
export function seidInitContainer(node: SeiNode): Container {
  return {
    name: 'seid-init',
    image: node.spec.image,
    command: ['/bin/sh', '-c', initScript(node)],
    env: [{ name: 'HOME', value: paths.home }],
    securityContext: securityContext(false),
    volumeMounts: baseMounts,
  }
}

function initScript(node: SeiNode): string {
  const chain = node.spec.chainId
  const init =
    `if [ -f "${paths.data}/config/genesis.json" ]; then echo "data directory already initialized, skipping seid init"; ` +
    `else seid init ${chain} --chain-id ${chain} --home "${paths.data}" --overwrite; fi && mkdir -p "${paths.data}/tmp"`
  if (roleOf(node) !== 'validator') return init
  const backend = operatorKeyringOf(node) === undefined ? 'test' : 'file'
  const key = `keyring-backend = "${backend}"`
  return (
    `${init} && CLIENT_TOML="${paths.data}/config/client.toml" && if [ -f "$CLIENT_TOML" ] && ` +
    `grep -q '^keyring-backend[[:space:]]*=' "$CLIENT_TOML"; then ` +
    `sed -i 's#^keyring-backend[[:space:]]*=.*#${key}#' "$CLIENT_TOML"; ` +
    `else mkdir -p "${paths.data}/config" && echo '${key}' >> "$CLIENT_TOML"; fi`
  )
}

/** seid itself: waits for the sidecar's gate, then starts. */
export function seidContainer(node: SeiNode, platform: Platform): Container {
  const { cpuRequest, memory } = platform.resources
  const keyring = operatorKeyringOf(node)?.seidMount === true
  return {
    name: 'seid',
    image: node.spec.image,
    command: ['/bin/bash', '-c'],
    args: [startScript(sidecarPortOf(node))],
    env: [
      { name: 'HOME', value: paths.home },
      { name: 'TMPDIR', value: `${paths.data}/tmp` },
      ...(keyring ? keyringEnv(node) : []),
    ],
    ports: seidPorts.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' })),
    readinessProbe: readinessProbe(node),
    startupProbe: {
      httpGet: { path: paths.healthz, port: ports.api },
      initialDelaySeconds: 5,
      periodSeconds: 5,
      failureThreshold: 86_400,
    },
    resources: { requests: { cpu: cpuRequest, memory }, limits: { memory } },
    securityContext: securityContext(false),
    volumeMounts: [...baseMounts, ...keyMounts(node), ...(keyring ? keyringMounts(node) : [])],
  }
}

function startScript(sidecarPort: number): string {
  return (
    'echo "waiting for sidecar to become ready..."; while true; do ' +
    `if (exec 3<>/dev/tcp/localhost/${sidecarPort} && printf "GET ${paths.healthz} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" >&3 ` +
    '&& head -1 <&3 | grep -q "200") 2>/dev/null; then break; fi; sleep 5; done; ' +
    `echo "sidecar ready, starting seid"; exec seid "start" "--home" "${paths.data}"`
  )
}

/** A seed serves no RPC: all that can be seen of it is that its p2p port is bound. */
function readinessProbe(node: SeiNode): Record<string, unknown> {
  const look =
    roleOf(node) === 'seed'
      ? { tcpSocket: { port: ports.p2p } }
      : { httpGet: { path: '/lag_status', port: ports.rpc } }
  return { ...look, initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 }
}

function keyMounts(node: SeiNode): Mounts {
  const mounts: ({ subPath: string } & Mounts[number])[] = []
  const key = (name: string, file: string): void =>
    void mounts.push({ name, mountPath: `${paths.data}/config/${file}`, subPath: file, readOnly: true })
  if (signingKeySecretOf(node) !== undefined) key('signing-key', 'priv_validator_key.json')
  if (nodeKeySecretOf(node) !== undefined) key('node-key', 'node_key.json')
  return mounts
}
