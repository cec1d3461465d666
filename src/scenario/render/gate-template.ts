import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { Container } from '../../contract/objects.ts'
import { gateArguments, gateCommand, type GateQuestion } from '../../contract/scenario-gate.ts'
import { identityEnv } from '../../contract/scenario-names.ts'

/** A gate looks once at what has ended already; nearly all of this is for its image and its place on a node. */
export const gateDeadlineMs: number = 5 * 60_000

/** What a cluster may demand of every container, or an image of every use of it. */
const shared = ['imagePullPolicy', 'securityContext', 'resources'] as const

/** A Task that passes on what became of other templates; `like` is a container of the scenario's that runs the same image. */
export function gateTemplate(
  name: string,
  image: string,
  question: GateQuestion,
  like: Container | undefined,
): WorkflowTemplate {
  return {
    name,
    templateType: 'Task',
    task: {
      container: {
        name: gateCommand,
        image,
        ...Object.fromEntries(
          shared.flatMap((field) => (like?.[field] === undefined ? [] : [[field, like[field]]])),
        ),
        args: gateArguments(question),
        env: identityEnv(),
      },
    },
  }
}
