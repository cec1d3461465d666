import { required, type FieldError } from '../field-error.ts'
import { recordAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill } from './builtin.ts'
import { defaultTemplate, validatePodSpec } from './pod-spec.ts'
import type { Strategy } from './strategy.ts'

/** Stored and shown; no job is ever made from one. */
export const cronJobStrategy: Strategy = builtInStrategy({
  hasStatus: true,
  counted: true,
  defaults(object) {
    const spec = ensure(object, 'spec')
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    })
    defaultTemplate(ensure(ensure(spec, 'jobTemplate'), 'spec'))
  },
  prepare(object, live) {
    if (live === undefined) object['status'] = {}
  },
  validate: validateCronJob,
})

function validateCronJob(object: ApiObject): FieldError[] {
  const spec = recordAt(object, 'spec')
  const job = recordAt(recordAt(spec, 'jobTemplate'), 'spec')
  const errors = validatePodSpec(
    recordAt(recordAt(job, 'template'), 'spec'),
    'spec.jobTemplate.spec.template.spec',
  )
  if (typeof spec['schedule'] !== 'string') errors.unshift(required('spec.schedule'))
  return errors
}
