import type { Place } from '../../contract/kinds.ts'
import type { SeiNodeTask } from '../../contract/crds/head/seinodetask.ts'
import type { TaskKind, TaskResult, TaskWay } from '../../contract/tasks.ts'

/** Begins the account of an operation; what it gives ends it. */
export function beginResult(
  kind: TaskKind,
  { name, namespace }: Place,
): (way: TaskWay, ...tasks: readonly SeiNodeTask[]) => TaskResult {
  const startedAt = new Date().toISOString()
  return (way, ...tasks) => ({
    kind,
    node: name,
    namespace,
    way,
    tasks: tasks.map(({ metadata }) => metadata.name),
    outputs: Object.assign({}, ...tasks.map(({ status }) => status?.outputs)) as TaskResult['outputs'],
    startedAt,
    endedAt: new Date().toISOString(),
  })
}
