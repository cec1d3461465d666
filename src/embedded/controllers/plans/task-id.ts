import { createHash } from 'node:crypto'

/** Namespace of the task ids; a one-way door, the sidecar's ledger is keyed by them. */
const namespace = 'b7e89c3a-4f12-4d8b-9a6e-1c2d3e4f5a6b'

/** The id of a plan's task: the same whenever the same plan is looked at, so that submitting it twice is harmless. */
export function taskId(planId: string, taskType: string, index: number): string {
  return uuidV5(namespace, `${planId}/${taskType}/${index}`)
}

/** UUID version 5 (RFC 9562): SHA-1 of a namespace and a name. */
function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
  hash.update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
  hash.update(name)
  const bytes = hash.digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
