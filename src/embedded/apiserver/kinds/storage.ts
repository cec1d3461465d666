import { forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts'
import { deepEqual, isRecord, recordAt, type ApiObject } from '../object.ts'
import type { Collection } from '../store.ts'
import { builtInStrategy, ensure, fill } from './builtin.ts'
import type { Strategy } from './strategy.ts'

const protection = 'kubernetes.io/pvc-protection'
const isDefaultClass = 'storageclass.kubernetes.io/is-default-class'

/** Fills in a claim, also one in a StatefulSet's templates. */
export function defaultClaim(claim: Record<string, unknown>): void {
  fill(ensure(claim, 'spec'), { volumeMode: 'Filesystem' })
  fill(ensure(claim, 'status'), { phase: 'Pending' })
}

/** @param classes the StorageClasses, of which the default one fills in claims that name none */
export function claimStrategy(classes: Collection): Strategy {
  return builtInStrategy({
    hasStatus: true,
    deleteAnswersObject: true,
    defaults: defaultClaim,
    prepare(claim, live) {
      if (live !== undefined) return
      claim['status'] = { phase: 'Pending' }
      protect(claim)
      const spec = recordAt(claim, 'spec')
      if (spec['storageClassName'] !== undefined) return
      const name = defaultClass(classes)
      if (name !== undefined) spec['storageClassName'] = name
    },
    validate: validateClaim,
  })
}

/** Holds a deleted claim until the controller that watches its pods lets it go. */
function protect(claim: ApiObject): void {
  const { finalizers = [] } = claim.metadata
  if (!finalizers.includes(protection)) claim.metadata.finalizers = [...finalizers, protection]
}

function defaultClass(classes: Collection): string | undefined {
  return classes.list().find(({ metadata }) => metadata.annotations?.[isDefaultClass] === 'true')?.metadata
    .name
}

function validateClaim(claim: ApiObject, live: ApiObject | undefined): FieldError[] {
  const spec = recordAt(claim, 'spec')
  const errors: FieldError[] = []
  if (!Array.isArray(spec['accessModes']) || spec['accessModes'].length === 0) {
    errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
  }
  const { storage } = recordAt(recordAt(spec, 'resources'), 'requests')
  if (storage === undefined) errors.push(required('spec.resources[storage]'))
  if (live === undefined) return errors
  return [...errors, ...claimUpdate(spec, recordAt(live, 'spec'))]
}

function claimUpdate(spec: Record<string, unknown>, before: Record<string, unknown>): FieldError[] {
  const fixed = (of: Record<string, unknown>): Record<string, unknown> => {
    const { resources: _, volumeAttributesClassName: __, volumeName, ...rest } = of
    // Binding names the volume, once.
    return before['volumeName'] === undefined ? rest : { ...rest, volumeName }
  }
  if (deepEqual(fixed(spec), fixed(before))) return []
  const detail =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  return [forbiddenField('spec', detail)]
}

export const volumeStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  deleteAnswersObject: true,
  defaults(volume) {
    const spec = ensure(volume, 'spec')
    fill(spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' })
    const path = spec['hostPath']
    if (isRecord(path)) fill(path, { type: '' })
  },
  prepare(volume, live) {
    if (live !== undefined) return
    volume['status'] = { phase: 'Pending', lastPhaseTransitionTime: volume.metadata.creationTimestamp }
  },
  validate(volume) {
    const spec = recordAt(volume, 'spec')
    const errors: FieldError[] = []
    if (spec['accessModes'] === undefined) errors.push(required('spec.accessModes'))
    if (spec['capacity'] === undefined) errors.push(required('spec.capacity'))
    return errors
  },
})

export const storageClassStrategy: Strategy = builtInStrategy({
  deleteAnswersObject: true,
  defaults(object) {
    fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })
  },
  validate(object, live) {
    if (live === undefined) return isRecord(object) && object['provisioner'] ? [] : [required('provisioner')]
    return ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode']
      .filter((field) => !deepEqual(object[field], live[field]))
      .map((field) => invalidValue(field, object[field], 'field is immutable'))
  },
})
