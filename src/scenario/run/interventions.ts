import type { ConditionalBranch, Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { pods, workflowNodes, workflows } from '../../contract/kinds.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import { errorText } from '../../errors/error-text.ts'
import { isNotFound } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Recorder } from './recorder.ts'

/** What a runner does to a Workflow that must not go on. Each is recorded; none throws. */
export class Interventions {
  readonly #kube: KubeClient
  readonly #namespace: string
  readonly #recorder: Recorder
  readonly #done = new Map<string, Promise<boolean>>()

  constructor(kube: KubeClient, namespace: string, recorder: Recorder) {
    this.#kube = kube
    this.#namespace = namespace
    this.#recorder = recorder
  }

  /** Resolves to whether the Workflow now carries the annotation. */
  abort({ metadata: { name } }: Workflow, why: string): Promise<boolean> {
    const body = { metadata: { annotations: { [chaosMeshKeys.abort]: 'true' } } }
    return this.#once(
      `abort ${name}`,
      'abort',
      `annotation ${chaosMeshKeys.abort} on Workflow ${name}: ${why}`,
      () => this.#kube.patch(workflows, { namespace: this.#namespace, name }, body, { type: 'merge' }),
    )
  }

  /**
   * Has the kubelet end a step's pod, so that the step cannot end well any more. What hangs under its success is taken off
   * first: a process may still answer its SIGTERM with exit code 0, and its log can still be read as a success.
   */
  async stop(pod: Pod, node: WorkflowNode | undefined, why: string): Promise<boolean> {
    if (node !== undefined) await this.#disarm(node)
    const { name } = pod.metadata
    const body = { spec: { activeDeadlineSeconds: 1 } }
    return this.#once(`stop ${name}`, 'stop', `activeDeadlineSeconds of pod ${name}: ${why}`, () =>
      this.#kube.patch(pods, { namespace: this.#namespace, name }, body, { type: 'merge' }),
    )
  }

  #disarm(node: WorkflowNode): Promise<boolean> {
    const { name } = node.metadata
    const { conditionalBranches = [] } = node.spec
    if (!conditionalBranches.some(isSuccess)) return Promise.resolve(true)
    const body = { spec: { conditionalBranches: conditionalBranches.map(disarmed) } }
    return this.#once(
      `disarm ${name}`,
      'guard',
      `branches of WorkflowNode ${name}: only that of a failure is left`,
      () => this.#kube.patch(workflowNodes, { namespace: this.#namespace, name }, body, { type: 'merge' }),
    )
  }

  #once(
    key: string,
    line: 'guard' | 'stop' | 'abort',
    what: string,
    act: () => Promise<unknown>,
  ): Promise<boolean> {
    const known = this.#done.get(key)
    if (known !== undefined) return known
    const work = act().then(
      () => {
        this.#recorder.defence(line, what)
        return true
      },
      (error: unknown) => {
        const [why] = isNotFound(error) ? ['it is gone'] : errorText(error).split('\n')
        this.#recorder.defence(line, `not done, ${why}: ${what}`)
        return false
      },
    )
    this.#done.set(key, work)
    return work
  }
}

const success = /^\s*exitCode\s*==\s*0\s*$/
const failure = /^\s*exitCode\s*!=\s*0\s*$/

function isSuccess({ expression = '' }: ConditionalBranch): boolean {
  return success.test(expression)
}

function disarmed(branch: ConditionalBranch): ConditionalBranch {
  if (isSuccess(branch)) return { ...branch, expression: 'false' }
  return failure.test(branch.expression ?? '') ? { ...branch, expression: 'true' } : branch
}
