import { isRecord } from '../object.ts'
import { randomSuffix } from '../verbs/generate-name.ts'
import { records } from './builtin.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const prefix = 'kube-api-access-'

/** Mounts a token of its service account into every container of a new pod, as the admission of a real server does. */
export function mountToken(spec: Record<string, unknown>): void {
  if (spec['automountServiceAccountToken'] === false) return
  const containers = ['initContainers', 'containers'].flatMap((list) => records(spec, list))
  const without = containers.filter(
    (container) => !records(container, 'volumeMounts').some((mount) => mount['mountPath'] === mountPath),
  )
  if (without.length === 0) return
  const name = existingVolume(spec) ?? addVolume(spec)
  for (const container of without) {
    container['volumeMounts'] = [...records(container, 'volumeMounts'), { name, readOnly: true, mountPath }]
  }
}

function existingVolume(spec: Record<string, unknown>): string | undefined {
  const volume = records(spec, 'volumes').find(
    ({ name, projected }) => typeof name === 'string' && name.startsWith(prefix) && isRecord(projected),
  )
  return volume === undefined ? undefined : String(volume['name'])
}

function addVolume(spec: Record<string, unknown>): string {
  const name = `${prefix}${randomSuffix()}`
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }
  const sources = [
    // An odd number of seconds, by which real servers know tokens that they mount themselves.
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [namespace] } },
  ]
  spec['volumes'] = [...records(spec, 'volumes'), { name, projected: { sources, defaultMode: 0o644 } }]
  return name
}
