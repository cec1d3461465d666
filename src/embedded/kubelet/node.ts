import { leases, nodes } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { isAlreadyExists } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import { timestamp } from './recorder.ts'

export interface NodeOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly name: string
  /** Port of the kubelet's HTTPS API. */
  readonly port: number
}

/** Ms and seconds of the wall: a lease is compared with the wall clock by whoever reads it. */
const leaseSeconds = 40
const renewMs = 10_000
const leaseNamespace = 'kube-node-lease'

/** Registers the node, ready, and renews its lease until closed. */
export async function registerNode(options: NodeOptions): Promise<{ close(): void }> {
  const { kube, clock, name } = options
  await kube.create(nodes, nodeObject(name)).catch(ifNew)
  const status = nodeStatus(options.port, timestamp(clock.now()))
  await kube.patch(nodes, { name }, { status }, { type: 'merge', subresource: 'status' })
  const renew = async (): Promise<void> => {
    await kube.apply(leases, leaseObject(name, clock.now()), { fieldManager: 'kubelet' })
  }
  // Nobody waits for the lease: a failed renewal is made up for by the next one.
  let stop: () => void
  const keep = (): void => {
    renew().catch(() => undefined)
    stop = clock.wall.after(renewMs, keep)
  }
  keep()
  return { close: () => stop() }
}

function ifNew(error: unknown): void {
  if (!isAlreadyExists(error)) throw error
}

function nodeObject(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
        'node-role.kubernetes.io/control-plane': '',
      },
    },
  }
}

const capacity = { cpu: '64', memory: '512Gi', pods: '500', 'ephemeral-storage': '1Ti' } as const

function nodeStatus(port: number, now: string): unknown {
  const condition = (type: string, status: string, reason: string, message: string): unknown => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  return {
    capacity,
    allocatable: capacity,
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: '',
      containerRuntimeVersion: 'simulated://1',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.0',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'vitest-environment-sei embedded',
      systemUUID: '',
    },
  }
}

function leaseObject(name: string, now: Date): KubeObject & { spec: unknown } {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: leaseNamespace },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: leaseSeconds,
      // Exactly six digits: what the API server's MicroTime takes.
      renewTime: now.toISOString().replace('Z', '000Z'),
    },
  }
}
