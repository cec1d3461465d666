import { callerRights, taskRights, taskRole } from '../../contract/scenario-rights.ts'
import { describeMissing, missingRights, type MissingRight } from './access.ts'
import type { Comparison, FingerprintOptions } from './check-fingerprint.ts'
import { askByTask } from './preflight-task.ts'

/** What whoever runs this may do in the namespace of the run. */
export async function compareCallerRights({ kube, namespace }: FingerprintOptions): Promise<Comparison> {
  const missing = (await missingRights(kube, 'self', namespace, callerRights)) ?? []
  return comparison(missing, countOf(callerRights), 'kubectl apply -f ci/manifests/caller-rbac.yaml')
}

/** What the account may do that Task pods run as: asked of the API server, or of a Task where that is forbidden. */
export async function compareTaskRights(options: FingerprintOptions): Promise<Comparison> {
  const { kube, namespace, seitaskImage } = options
  const fix = 'kubectl apply -f ci/manifests/task-rbac.yaml'
  const subject = { namespace, account: taskRole.account }
  const missing = await missingRights(kube, subject, namespace, taskRights)
  if (missing !== undefined) return comparison(missing, countOf(taskRights), fix)
  if (seitaskImage === undefined)
    return { agrees: false, expected: countOf(taskRights), found: 'may not be asked for', fix }
  const answer = await askByTask(options, seitaskImage)
  const expected = countOf(taskRights)
  return answer.agrees ? { ...answer, expected } : { ...answer, expected, fix }
}

function comparison(missing: readonly MissingRight[], expected: string, fix: string): Comparison {
  if (missing.length === 0) return { agrees: true, expected, found: 'all granted' }
  return { agrees: false, expected, found: `missing: ${describeMissing(missing)}`, fix }
}

function countOf(rights: typeof taskRights): string {
  return `${rights.reduce((sum, { verbs }) => sum + verbs.length, 0)} rights`
}
