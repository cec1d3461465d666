import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { apiVersionOf, workflows, type Place } from '../../contract/kinds.ts'
import { labels, scenarioLabels } from '../../contract/labels.ts'
import type { OwnerReference } from '../../contract/objects.ts'
import { identityVariables } from '../../contract/scenario-names.ts'
import { SeiError } from '../../errors/sei-error.ts'
import type { KubeClient } from '../../kube/types.ts'
import { infraFailure } from './exit-reason.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The Workflow that a step belongs to. */
export interface WorkflowIdentity extends Place {
  readonly uid: string
  /** Those of the Workflow that everything which its steps make carries as well. */
  readonly labels: Readonly<Record<string, string>>
}

/** Where the downward API says that this step runs. Throws BAD_ENVIRONMENT, class infra, naming what is missing. */
export function readPlace(env: Env): Place {
  const { workflow, namespace } = identityVariables
  const missing = [workflow, namespace].filter((name) => (env[name] ?? '') === '')
  if (missing.length === 0) return { name: env[workflow] ?? '', namespace: env[namespace] ?? '' }
  throw new SeiError(`${missing.join(' and ')} not set: this step does not know its Workflow`, {
    class: 'infra',
    code: 'BAD_ENVIRONMENT',
    hint: `project ${workflow} from metadata.labels['chaos-mesh.org/workflow'] and ${namespace} from metadata.namespace`,
  })
}

/** Asks for the Workflow, unless SEI_WORKFLOW_UID says whose step this is. Throws, class infra, when it is not there. */
export async function loadIdentity(kube: KubeClient, place: Place, env: Env): Promise<WorkflowIdentity> {
  const given = env[identityVariables.workflowUid] ?? ''
  if (given !== '') return { ...place, uid: given, labels: {} }
  const workflow = await kube.find<Workflow>(workflows, place)
  if (workflow === undefined) throw infraFailure(`Workflow ${place.namespace}/${place.name} is not there`)
  const { uid = '' } = workflow.metadata
  if (uid === '') throw infraFailure(`Workflow ${place.namespace}/${place.name} has no uid`)
  return { ...place, uid, labels: inherited(workflow) }
}

const inheritedKeys = [scenarioLabels.scenario, scenarioLabels.workflowRun, labels.harnessRun]

function inherited({ metadata }: Workflow): Record<string, string> {
  const entries = inheritedKeys.map((key) => [key, metadata.labels?.[key]])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>
}

/** The Workflow as the owner of what its steps make: deleted with it, without holding its deletion up. */
export function ownerReference({ name, uid }: WorkflowIdentity): OwnerReference {
  return {
    apiVersion: apiVersionOf(workflows),
    kind: workflows.kind,
    name,
    uid,
    controller: false,
    blockOwnerDeletion: false,
  }
}
