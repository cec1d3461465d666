import { forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts'
import { deepEqual, isRecord, recordAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill, immutable, records } from './builtin.ts'
import { defaultTemplate, validatePodSpec } from './pod-spec.ts'
import { defaultClaim } from './storage.ts'
import type { Strategy } from './strategy.ts'

export const statefulSetStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  defaults(object) {
    const spec = ensure(object, 'spec')
    fill(spec, {
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate' },
      persistentVolumeClaimRetentionPolicy: {},
    })
    const strategy = ensure(spec, 'updateStrategy')
    fill(strategy, { type: 'RollingUpdate' })
    if (strategy['type'] === 'RollingUpdate') fill(ensure(strategy, 'rollingUpdate'), { partition: 0 })
    fill(ensure(spec, 'persistentVolumeClaimRetentionPolicy'), {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    })
    defaultTemplate(spec)
    for (const claim of records(spec, 'volumeClaimTemplates')) {
      fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })
      defaultClaim(claim)
    }
  },
  prepare: startStatus({ replicas: 0, availableReplicas: 0 }),
  validate(object, live) {
    return live === undefined ? validateWorkload(object) : statefulSetUpdate(object, live)
  },
})

const statefulSetMutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

function statefulSetUpdate(object: ApiObject, live: ApiObject): FieldError[] {
  if (object['spec'] === live['spec']) return []
  const fixed = (of: ApiObject): Record<string, unknown> => {
    const spec = { ...recordAt(of, 'spec') }
    for (const field of statefulSetMutable) delete spec[field]
    return spec
  }
  if (deepEqual(fixed(object), fixed(live))) return validateWorkload(object)
  const detail =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
  return [forbiddenField('spec', detail)]
}

export const deploymentStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  defaults(object) {
    const spec = ensure(object, 'spec')
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
    const strategy = ensure(spec, 'strategy')
    fill(strategy, { type: 'RollingUpdate' })
    if (strategy['type'] === 'RollingUpdate') {
      fill(ensure(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' })
    }
    defaultTemplate(spec)
  },
  prepare: startStatus({}),
  validate: (object, live) => [
    ...validateWorkload(object),
    ...(live === undefined ? [] : immutable(object, live, 'spec', ['selector'])),
  ],
})

export const replicaSetStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  defaults(object) {
    const spec = ensure(object, 'spec')
    fill(spec, { replicas: 1 })
    defaultTemplate(spec)
  },
  prepare: startStatus({ replicas: 0 }),
  validate: (object, live) => [
    ...validateWorkload(object),
    ...(live === undefined ? [] : immutable(object, live, 'spec', ['selector'])),
  ],
})

export const jobStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  orphansByDefault: true,
  selectable: {
    'status.successful': (job) => String(recordAt(job, 'status')['succeeded'] ?? 0),
  },
  defaults(object) {
    const spec = ensure(object, 'spec')
    // Both unset is a single-completion job; one set leaves the other open.
    if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1
    fill(spec, {
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
    })
    // Not `Always` as elsewhere: a job must say which of the two others it wants.
    const pod = ensure(ensure(spec, 'template'), 'spec')
    const { restartPolicy } = pod
    defaultTemplate(spec)
    if (restartPolicy === undefined) delete pod['restartPolicy']
  },
  prepare: prepareJob,
  validate: validateJob,
})

function prepareJob(job: ApiObject, live: ApiObject | undefined): void {
  if (live !== undefined) return
  job['status'] = {}
  const spec = recordAt(job, 'spec')
  if (spec['manualSelector'] !== true) selectOwnPods(job, spec)
  // A job without labels of its own gets those of its pods.
  const { labels } = recordAt(recordAt(spec, 'template'), 'metadata')
  if (isRecord(labels)) job.metadata.labels ??= labels as Record<string, string>
}

/** The selector and the labels by which a job finds its own pods. */
function selectOwnPods(job: ApiObject, spec: Record<string, unknown>): void {
  const { uid = '', name } = job.metadata
  const metadata = ensure(ensure(spec, 'template'), 'metadata')
  Object.assign(ensure(metadata, 'labels'), {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  })
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
}

function validateJob(job: ApiObject, live: ApiObject | undefined): FieldError[] {
  const spec = recordAt(job, 'spec')
  const pod = recordAt(recordAt(spec, 'template'), 'spec')
  const errors = validatePodSpec(pod, 'spec.template.spec')
  const { restartPolicy } = pod
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') {
    errors.push(required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"'))
  }
  if (live === undefined) return errors
  const fixed = ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex']
  // The template of a suspended job that never started may still be set.
  if (recordAt(live, 'spec')['suspend'] !== true) fixed.push('template')
  if (spec['completionMode'] !== 'Indexed') fixed.push('completions')
  return [...errors, ...immutable(job, live, 'spec', fixed)]
}

/** A workload's selector must select the pods of its own template. */
function validateWorkload(object: ApiObject): FieldError[] {
  const spec = recordAt(object, 'spec')
  const template = recordAt(spec, 'template')
  const errors = validatePodSpec(recordAt(template, 'spec'), 'spec.template.spec')
  const { replicas } = spec
  if (typeof replicas === 'number' && replicas < 0)
    errors.unshift(invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'))
  if (spec['selector'] === undefined) errors.unshift(required('spec.selector'))
  const wanted = recordAt(recordAt(spec, 'selector'), 'matchLabels')
  const labels = recordAt(recordAt(template, 'metadata'), 'labels')
  if (
    spec['selector'] === undefined ||
    Object.entries(wanted).some(([key, value]) => labels[key] !== value)
  ) {
    const detail = '`selector` does not match template `labels`'
    errors.push(invalidValue('spec.template.metadata.labels', labels, detail))
  }
  return errors
}

function startStatus(
  status: Readonly<Record<string, unknown>>,
): (draft: ApiObject, live: ApiObject | undefined) => void {
  return (draft, live) => {
    if (live === undefined) draft['status'] = { ...status }
  }
}
