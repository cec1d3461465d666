import { listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince, humanDuration } from './age.ts'
import { templateContainers } from './pod-table.ts'
import { ageColumn, column, formatLabels, nameColumn, wide, type TableView } from './table-view.ts'

const containers = wide('Containers', 'Names of the containers in the template.')
const images = wide('Images', 'Images of the containers in the template.')
const selector = wide('Selector', 'Labels of the pods that belong to it.')

function numberAt(value: unknown, field: string, fallback = 0): number {
  const found = recordAt({ value }, 'value')[field]
  return typeof found === 'number' ? found : fallback
}

function templateCells(object: ApiObject): [string, string] {
  const { names, images } = templateContainers(recordAt(object['spec'], 'template'))
  return [names, images]
}

function selectorCell(object: ApiObject): string {
  return formatLabels(recordAt(recordAt(object['spec'], 'selector'), 'matchLabels'))
}

export const statefulSetTable: TableView = {
  columns: [
    nameColumn,
    column('Ready', 'Pods that are ready, of those wanted.'),
    ageColumn,
    containers,
    images,
  ],
  row: (object, now) => [
    object.metadata.name,
    `${numberAt(object['status'], 'readyReplicas')}/${numberAt(object['spec'], 'replicas', 1)}`,
    ageSince(object.metadata.creationTimestamp, now),
    ...templateCells(object),
  ],
}

export const deploymentTable: TableView = workloadTable(
  [
    column('Ready', 'Pods that are ready, of those wanted.'),
    column('Up-to-date', 'Pods that have the wanted template.'),
    column('Available', 'Pods that have been ready for long enough.'),
  ],
  ({ spec, status }) => [
    `${numberAt(status, 'readyReplicas')}/${numberAt(spec, 'replicas', 1)}`,
    numberAt(status, 'updatedReplicas'),
    numberAt(status, 'availableReplicas'),
  ],
)

export const replicaSetTable: TableView = workloadTable(
  [
    column('Desired', 'Pods that are wanted.', 'integer'),
    column('Current', 'Pods that there are.', 'integer'),
    column('Ready', 'Pods that are ready.', 'integer'),
  ],
  ({ spec, status }) => [
    numberAt(spec, 'replicas', 1),
    numberAt(status, 'replicas'),
    numberAt(status, 'readyReplicas'),
  ],
)

export const jobTable: TableView = workloadTable(
  [
    column('Status', 'What became of the job.'),
    column('Completions', 'Pods that succeeded, of those wanted.'),
    column('Duration', 'How long the job ran, or has been running.'),
  ],
  (job, now) => [jobStatus(job), jobCompletions(job), jobDuration(job, now)],
)

export const cronJobTable: TableView = {
  columns: [
    nameColumn,
    column('Schedule', 'When jobs are due, as cron writes it.'),
    column('Timezone', 'Time zone of the schedule.'),
    column('Suspend', 'Whether no jobs are made for now.', 'boolean'),
    column('Active', 'Jobs that run.', 'integer'),
    column('Last Schedule', 'Time since a job was last due.'),
    ageColumn,
    containers,
    images,
    selector,
  ],
  row(object, now) {
    const { schedule, timeZone, suspend, jobTemplate } = recordAt(object, 'spec')
    const last = stringAt(object['status'], 'lastScheduleTime')
    const template = recordAt(recordAt(jobTemplate, 'spec'), 'template')
    const { names, images: used } = templateContainers(template)
    return [
      object.metadata.name,
      schedule,
      timeZone ?? '<none>',
      suspend === true ? 'True' : 'False',
      listAt(object['status'], 'active').length,
      last === undefined ? '<none>' : ageSince(last, now),
      ageSince(object.metadata.creationTimestamp, now),
      names,
      used,
      '<none>',
    ]
  },
}

/** Name, what is the kind's own, age, and in the wide form what every template and selector says. */
function workloadTable(
  own: TableView['columns'],
  cells: (object: ApiObject, now: Date) => (string | number)[],
): TableView {
  return {
    columns: [nameColumn, ...own, ageColumn, containers, images, selector],
    row: (object, now) => [
      object.metadata.name,
      ...cells(object, now),
      ageSince(object.metadata.creationTimestamp, now),
      ...templateCells(object),
      selectorCell(object),
    ],
  }
}

function jobStatus(job: ApiObject): string {
  const held = new Set(
    listAt(job['status'], 'conditions')
      .filter((one) => stringAt(one, 'status') === 'True')
      .map((one) => stringAt(one, 'type')),
  )
  if (held.has('Complete')) return 'Complete'
  if (held.has('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => held.has(type)) ?? 'Running'
}

function jobCompletions(job: ApiObject): string {
  const succeeded = numberAt(job['status'], 'succeeded')
  const wanted = numberAt(job['spec'], 'completions', -1)
  if (wanted >= 0) return `${succeeded}/${wanted}`
  const parallelism = numberAt(job['spec'], 'parallelism')
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobDuration(job: ApiObject, now: Date): string {
  const started = stringAt(job['status'], 'startTime')
  if (started === undefined) return ''
  const ended = stringAt(job['status'], 'completionTime')
  const until = ended === undefined ? now.getTime() : Date.parse(ended)
  return humanDuration(until - Date.parse(started))
}
