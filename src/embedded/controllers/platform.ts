/**
 * What an operator gives the controller in its app-config file. Images and sizes are those of the recorded clusters; a
 * real pod asks for 128 GiB and more by role, which no laptop has.
 */
export interface Platform {
  readonly images: { readonly sidecar: string; readonly rbacProxy: string; readonly exporter: string }
  readonly storage: { readonly className: string; readonly size: string }
  readonly resources: { readonly cpuRequest: string; readonly memory: string }
  readonly serviceAccount: string
  readonly nodepool: string
  readonly tolerationKey: string
  readonly genesis: { readonly bucket: string; readonly region: string }
  readonly snapshot: { readonly bucket: string; readonly region: string }
  /** Witnesses for state sync by chain id, as `host:port`; fewer than two block a node that needs them. */
  readonly syncers: Readonly<Record<string, readonly string[]>>
}

export const defaultPlatform: Platform = {
  images: { sidecar: 'sei/seictl:dev', rbacProxy: 'sei/rbac-proxy:dev', exporter: 'sei/exporter:dev' },
  storage: { className: 'standard', size: '2Gi' },
  resources: { cpuRequest: '50m', memory: '1Gi' },
  serviceAccount: 'seid-node',
  nodepool: 'sei',
  tolerationKey: 'sei.io/workload',
  genesis: { bucket: 'sei-genesis', region: 'us-east-2' },
  snapshot: { bucket: 'sei-snapshots', region: 'us-east-2' },
  syncers: {},
}
