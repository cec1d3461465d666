import { required, type FieldError } from '../field-error.ts'
import { isRecord } from '../object.ts'
import { ensure, fill, records } from './builtin.ts'

type Fields = Record<string, unknown>

/** Fills in a pod's or a pod template's spec as a real server does. */
export function defaultPodSpec(spec: Fields): void {
  fill(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  })
  // Two names of one field: the old one is still written.
  if (typeof spec['serviceAccountName'] === 'string')
    fill(spec, { serviceAccount: spec['serviceAccountName'] })
  if (typeof spec['serviceAccount'] === 'string') fill(spec, { serviceAccountName: spec['serviceAccount'] })
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of records(spec, list)) defaultContainer(container)
  }
  for (const volume of records(spec, 'volumes')) defaultVolume(volume)
}

function defaultContainer(container: Fields): void {
  fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(container['image']),
    resources: {},
  })
  for (const port of records(container, 'ports')) fill(port, { protocol: 'TCP' })
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (isRecord(probe)) defaultProbe(probe)
  }
  for (const variable of records(container, 'env')) defaultSource(variable['valueFrom'])
  const hooks = container['lifecycle']
  if (!isRecord(hooks)) return
  for (const hook of [hooks['postStart'], hooks['preStop']]) {
    if (isRecord(hook)) defaultHttpGet(hook['httpGet'])
  }
}

/** A reference to the pod itself, from an environment variable or a file of a volume. */
function defaultSource(source: unknown): void {
  if (!isRecord(source)) return
  const [field, resource] = [source['fieldRef'], source['resourceFieldRef']]
  if (isRecord(field)) fill(field, { apiVersion: 'v1' })
  if (isRecord(resource)) fill(resource, { divisor: '0' })
}

function defaultHttpGet(get: unknown): void {
  if (isRecord(get)) fill(get, { path: '/', scheme: 'HTTP' })
}

/** `Always` for `:latest` and for no tag at all; a digest pins as a tag does. */
function pullPolicy(image: unknown): string {
  const name = typeof image === 'string' ? image : ''
  if (name.includes('@')) return 'IfNotPresent'
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultProbe(probe: Fields): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  defaultHttpGet(probe['httpGet'])
  const grpc = probe['grpc']
  if (isRecord(grpc)) fill(grpc, { service: '' })
}

const readableByAll = 0o644
const volumeDefaults: Readonly<Record<string, Fields>> = {
  configMap: { defaultMode: readableByAll },
  secret: { defaultMode: readableByAll },
  downwardAPI: { defaultMode: readableByAll },
  projected: { defaultMode: readableByAll },
  hostPath: { type: '' },
}

function defaultVolume(volume: Fields): void {
  if (Object.keys(volume).length === 1) volume['emptyDir'] = {}
  for (const [source, values] of Object.entries(volumeDefaults)) {
    const found = volume[source]
    if (isRecord(found)) fill(found, values)
  }
  defaultFiles(volume['downwardAPI'])
  const projected = volume['projected']
  if (!isRecord(projected)) return
  for (const source of records(projected, 'sources')) {
    defaultFiles(source['downwardAPI'])
    const token = source['serviceAccountToken']
    if (isRecord(token)) fill(token, { expirationSeconds: 3600 })
  }
}

function defaultFiles(downward: unknown): void {
  if (isRecord(downward)) for (const file of records(downward, 'items')) defaultSource(file)
}

/** Fills in `spec.template.spec` of a workload. */
export function defaultTemplate(spec: Fields): void {
  const template = ensure(spec, 'template')
  ensure(template, 'metadata')
  defaultPodSpec(ensure(template, 'spec'))
}

/** What a pod's or a template's spec must have. */
export function validatePodSpec(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (records(spec, 'containers').length === 0) errors.push(required(`${path}.containers`))
  for (const list of ['initContainers', 'containers']) {
    const seen = new Set<unknown>()
    for (const [index, container] of records(spec, list).entries()) {
      const at = `${path}.${list}[${index}]`
      if (!isText(container['name'])) errors.push(required(`${at}.name`))
      else if (seen.has(container['name'])) {
        errors.push({
          type: 'FieldValueDuplicate',
          field: `${at}.name`,
          badValue: container['name'],
          detail: '',
        })
      }
      seen.add(container['name'])
      if (!isText(container['image'])) errors.push(required(`${at}.image`))
    }
  }
  return errors
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
