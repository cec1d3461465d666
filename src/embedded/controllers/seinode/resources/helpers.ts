import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import type { Container } from '../../../../contract/objects.ts'
import { ports } from '../../../../contract/ports.ts'
import type { Platform } from '../../platform.ts'
import { sidecarImageOf, sidecarPortOf } from '../mode.ts'
import { keyringEnv, keyringMounts } from './keyring.ts'
import { paths, securityContext } from './paths.ts'

/** The sidecar: file and process work on the controller's behalf, and the gate that lets seid start. */
export function sidecarContainer(node: SeiNode, platform: Platform): Container {
  const port = sidecarPortOf(node)
  const resources = node.spec.sidecar?.resources
  return {
    name: 'sei-sidecar',
    image: sidecarImageOf(node, platform),
    command: ['seictl', 'serve'],
    restartPolicy: 'Always',
    env: [
      { name: 'SEI_CHAIN_ID', value: node.spec.chainId },
      { name: 'SEI_SIDECAR_PORT', value: String(port) },
      { name: 'SEI_HOME', value: paths.data },
      { name: 'HOME', value: paths.home },
      { name: 'SEI_GENESIS_BUCKET', value: platform.genesis.bucket },
      { name: 'SEI_GENESIS_REGION', value: platform.genesis.region },
      { name: 'SEI_SNAPSHOT_BUCKET', value: platform.snapshot.bucket },
      { name: 'SEI_SNAPSHOT_REGION', value: platform.snapshot.region },
      { name: 'SEI_SIDECAR_AUTHN_MODE', value: 'trusted-header' },
      ...keyringEnv(node),
    ],
    ports: [{ name: 'sidecar', containerPort: port, protocol: 'TCP' }],
    ...(resources === undefined ? {} : { resources }),
    securityContext: securityContext(true),
    volumeMounts: [
      { name: 'home', mountPath: paths.home },
      { name: 'data', mountPath: paths.data },
      { name: 'sidecar-tmp', mountPath: paths.tmp },
      ...keyringMounts(node),
    ],
  }
}

/** The proxy that lets callers from outside the pod reach the sidecar. */
export function rbacProxyContainer(platform: Platform): Container {
  return {
    name: 'kube-rbac-proxy',
    image: platform.images.rbacProxy,
    restartPolicy: 'Always',
    args: [
      `--insecure-listen-address=0.0.0.0:${ports.api}`,
      `--upstream=http://127.0.0.1:${ports.sidecar}/`,
      `--config-file=${paths.proxyConfig}/config.yaml`,
      '--ignore-paths=/v0/healthz,/v0/startupz,/v0/livez,/v0/metrics',
      '--auth-header-fields-enabled=true',
      '--v=0',
    ],
    ports: [{ name: 'api', containerPort: ports.api, protocol: 'TCP' }],
    startupProbe: {
      tcpSocket: { port: ports.api },
      initialDelaySeconds: 5,
      periodSeconds: 5,
      failureThreshold: 60,
    },
    livenessProbe: {
      httpGet: { path: paths.livez, port: ports.api },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      failureThreshold: 3,
    },
    readinessProbe: {
      httpGet: { path: paths.healthz, port: ports.api },
      initialDelaySeconds: 2,
      periodSeconds: 5,
      failureThreshold: 6,
    },
    securityContext: securityContext(true),
    volumeMounts: [{ name: 'rbac-proxy-config', mountPath: paths.proxyConfig, readOnly: true }],
  }
}

/** Metrics of the chain over seid's gRPC; a seed has none, so it has no exporter. */
export function exporterContainer(platform: Platform): Container {
  const port = ports.cosmosMetrics
  const wait =
    `echo "waiting for gRPC :${ports.grpc} to be available..."; ` +
    `until (exec 3<>/dev/tcp/localhost/${ports.grpc}) 2>/dev/null; do sleep 5; done; ` +
    'echo "gRPC available, starting cosmos-exporter"; exec /usr/local/bin/sei-cosmos-exporter ' +
    `"--denom" "usei" "--denom-coefficient" "1000000" "--bech-prefix" "sei" "--listen-address" ":${port}"`
  return {
    name: 'cosmos-exporter',
    image: platform.images.exporter,
    command: ['/bin/bash', '-c'],
    args: [wait],
    ports: [{ name: 'cosmos-metrics', containerPort: port, protocol: 'TCP' }],
    livenessProbe: { tcpSocket: { port }, initialDelaySeconds: 600, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { tcpSocket: { port }, periodSeconds: 10, failureThreshold: 6 },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '384Mi' } },
    securityContext: securityContext(true),
    volumeMounts: [{ name: 'sidecar-tmp', mountPath: paths.tmp }],
  }
}
