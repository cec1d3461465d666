import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { Plan, SeiCondition } from '../../src/contract/crds/head/shared.ts'
import type { TaskStatus } from '../../src/embedded/controllers/seinodetask/task.ts'
import type { TimelineEntry } from './kind-captures.ts'

/**
 * What a status says, without what depends on timing: a network's phase, open tasks and conditions, a node's phase, plan,
 * image and conditions. Both the recorded lines and live objects are brought into this form.
 */
export function networkMilestone(network: SeiNetwork): string {
  const { phase = '', plan, conditions } = network.status ?? {}
  return [phase, openTasks(plan).join(','), ...conditions_(conditions)].join(' ')
}

export function nodeMilestone(node: SeiNode): string {
  const { phase = '', plan, currentImage = '', conditions } = node.status ?? {}
  return [phase, planState(plan?.phase, plan?.tasks.length), currentImage, ...conditions_(conditions)].join(
    ' ',
  )
}

/**
 * `<phase> <status of the work> <conditions>`; a `+` says that the work was submitted, `err` and outputs that there are some.
 */
export function taskMilestone(status: TaskStatus = {}): string {
  const { phase = '-', task, outputs = {}, conditions } = status
  const work = task === undefined ? '-' : `${task.status}${task.submittedAt === undefined ? '' : '+'}`
  const extras = [...(task?.err === undefined ? [] : ['err']), ...Object.keys(outputs)]
  return [phase, work, ...extras, ...conditions_(conditions)].join(' ')
}

/** The milestones that a recorded line stands for. */
export function recordedMilestone(entry: TimelineEntry): string {
  const { text } = entry
  const phase = /phase=(\S*)/.exec(text)?.[1] ?? ''
  const plan = /plan=(\w+)\[(.*?) of (\d+)\]/.exec(text)
  const conditions = [...text.matchAll(/(\w+)=([TFU])\/(\w+)/g)].map(([whole]) => whole).toSorted()
  if (entry.kind === 'NET') {
    const tasks = (plan?.[2] ?? '').split(',').map((task) => task.replace(/:.*$/, ''))
    return [phase, tasks.join(','), ...conditions].join(' ')
  }
  const image = /img=(\S*)/.exec(text)?.[1] ?? ''
  return [phase, planState(plan?.[1], Number(plan?.[3])), image, ...conditions].join(' ')
}

/** Without what is said twice in a row. */
export function distinct(milestones: readonly string[]): string[] {
  return milestones.filter((milestone, index) => milestone !== milestones[index - 1])
}

function conditions_(conditions: readonly SeiCondition[] = []): string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status.charAt(0)}/${reason}`).toSorted()
}

function openTasks(plan: Plan | undefined): string[] {
  return (plan?.tasks ?? []).filter((task) => task.status !== 'Complete').map((task) => task.type)
}

function planState(phase: string | undefined, tasks: number | undefined): string {
  return phase === undefined ? '-' : `${phase}(${tasks})`
}
