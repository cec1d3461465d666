import { isPlainObject } from '../../contract/checks.ts'

/** A container of a CronJob or Job that is to run a scenario. */
export interface ScheduledRun {
  /** Where it is, for messages: `CronJob release-test, container workflow-run`. */
  readonly where: string
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  /** ServiceAccount that it runs as. */
  readonly account: string
}

/** Every container of every CronJob and Job among the documents. */
export function scheduledRuns(documents: readonly unknown[]): ScheduledRun[] {
  return documents.filter(isPlainObject).flatMap((document) => {
    const { kind, metadata, spec } = document
    const jobSpec = kind === 'CronJob' ? at(spec, 'jobTemplate', 'spec') : kind === 'Job' ? spec : undefined
    const podSpec = at(jobSpec, 'template', 'spec')
    const account = textAt(podSpec, 'serviceAccountName', 'default')
    return ['initContainers', 'containers'].flatMap((list) =>
      listAt(podSpec, list).map((container) => ({
        where: `${String(kind)} ${textAt(metadata, 'name', '')}, container ${textAt(container, 'name', '')}`,
        image: textAt(container, 'image', ''),
        command: listAt(container, 'command').map(String),
        args: listAt(container, 'args').map(String),
        account,
      })),
    )
  })
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((found, key) => (isPlainObject(found) ? found[key] : undefined), value)
}

function listAt(value: unknown, key: string): unknown[] {
  const list = at(value, key)
  return Array.isArray(list) ? list : []
}

function textAt(value: unknown, key: string, otherwise: string): string {
  const text = at(value, key)
  return typeof text === 'string' ? text : otherwise
}
