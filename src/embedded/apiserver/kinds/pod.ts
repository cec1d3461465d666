import { forbiddenField, type FieldError } from '../field-error.ts'
import { deepEqual, isRecord, recordAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill, records } from './builtin.ts'
import { defaultPodSpec, validatePodSpec } from './pod-spec.ts'
import { mountToken } from './service-account-token.ts'
import type { SelectableFields, Strategy } from './strategy.ts'

const tolerated = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

export const podStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  deleteAnswersObject: true,
  selectable: selectable(),
  defaults: defaultPod,
  prepare: admitPod,
  validate: validatePod,
})

function defaultPod(pod: ApiObject): void {
  const spec = ensure(pod, 'spec')
  defaultPodSpec(spec)
  fill(spec, { enableServiceLinks: true })
  defaultStatus(recordAt(pod, 'status'))
  for (const container of records(spec, 'containers')) defaultRequests(container)
  for (const container of records(spec, 'initContainers')) defaultRequests(container)
}

/** Fields that Go always writes. */
function defaultStatus(status: Record<string, unknown>): void {
  for (const condition of records(status, 'conditions')) {
    fill(condition, { lastProbeTime: null, lastTransitionTime: null })
  }
  for (const list of ['initContainerStatuses', 'containerStatuses']) {
    for (const container of records(status, list)) fill(container, { state: {}, lastState: {} })
  }
}

/** A limit without a request is also the request. */
function defaultRequests(container: Record<string, unknown>): void {
  const resources = recordAt(container, 'resources')
  const limits = resources['limits']
  // A copy: a patched Pod shares its requests with the stored one.
  if (isRecord(limits)) resources['requests'] = { ...limits, ...recordAt(resources, 'requests') }
}

/** What the admission plugins of a real server add: account and its token, priority, default tolerations. */
function admitPod(pod: ApiObject, live: ApiObject | undefined): void {
  if (live !== undefined) return
  const spec = recordAt(pod, 'spec')
  fill(spec, {
    serviceAccountName: 'default',
    serviceAccount: 'default',
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
  })
  const tolerations = records(spec, 'tolerations')
  const missing = tolerated.filter(
    (key) => !tolerations.some((own) => own['key'] === key || (own['key'] ?? '') === ''),
  )
  const added = missing.map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }))
  if (added.length > 0) spec['tolerations'] = [...tolerations, ...added]
  mountToken(spec)
  pod['status'] = { phase: 'Pending', qosClass: qosClass(spec) }
}

function qosClass(spec: Record<string, unknown>): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...records(spec, 'containers'), ...records(spec, 'initContainers')]
  const resources = containers.map((container) => recordAt(container, 'resources'))
  const isEmpty = ({ requests, limits }: Record<string, unknown>): boolean =>
    [requests, limits].every((part) => !isRecord(part) || Object.keys(part).length === 0)
  if (resources.every(isEmpty)) return 'BestEffort'
  const isFull = ({ requests, limits }: Record<string, unknown>): boolean =>
    isRecord(limits) && 'cpu' in limits && 'memory' in limits && deepEqual(requests, limits)
  return resources.every(isFull) ? 'Guaranteed' : 'Burstable'
}

function validatePod(pod: ApiObject, live: ApiObject | undefined): FieldError[] {
  const spec = recordAt(pod, 'spec')
  if (live === undefined) return validatePodSpec(spec, 'spec')
  const before = recordAt(live, 'spec')
  if (spec === before || deepEqual(withoutMutable(spec, before), withoutMutable(before, before))) return []
  const detail =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
  return [forbiddenField('spec', detail)]
}

/** The part of a pod's spec that never changes. */
function withoutMutable(
  spec: Record<string, unknown>,
  before: Record<string, unknown>,
): Record<string, unknown> {
  const fixed: Record<string, unknown> = { ...spec }
  for (const list of ['containers', 'initContainers']) {
    if (fixed[list] !== undefined) fixed[list] = records(fixed, list).map(({ image: _, ...rest }) => rest)
  }
  delete fixed['activeDeadlineSeconds']
  const [own, old] = [records(spec, 'tolerations'), records(before, 'tolerations')]
  if (old.every((toleration) => own.some((item) => deepEqual(item, toleration)))) delete fixed['tolerations']
  return fixed
}

function selectable(): SelectableFields {
  const spec =
    (field: string) =>
    (pod: ApiObject): string =>
      String(recordAt(pod, 'spec')[field] ?? '')
  const status =
    (field: string) =>
    (pod: ApiObject): string =>
      String(recordAt(pod, 'status')[field] ?? '')
  return {
    'spec.nodeName': spec('nodeName'),
    'spec.restartPolicy': spec('restartPolicy'),
    'spec.schedulerName': spec('schedulerName'),
    'spec.serviceAccountName': spec('serviceAccountName'),
    'spec.hostNetwork': (pod) => String(recordAt(pod, 'spec')['hostNetwork'] ?? false),
    'status.phase': status('phase'),
    'status.podIP': status('podIP'),
    'status.nominatedNodeName': status('nominatedNodeName'),
  }
}
