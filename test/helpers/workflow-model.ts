import type { Workflow, WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import { parseGoDuration } from '../../src/contract/go-duration.ts'

/** How a Task's pod, or the probe of a StatusCheck, behaves. */
export interface Behaviour {
  /** Exit code; of a StatusCheck 0 where it succeeds. */
  readonly exit: number
  /** Until it ends, ms; `Infinity` for a pod that never starts or never ends. */
  readonly ms: number
  /** Its log does not fit into a node: what is to be read from it never arrives. */
  readonly hugeLog?: boolean
}

interface Node {
  readonly template: WorkflowTemplate
  readonly children: Node[]
  readonly endsAt: number
  readonly exit: number
  readonly hugeLog: boolean
  readonly deadlineAt: number
  ended: boolean
  branched: boolean
  accomplished: boolean
  exceeded: boolean
  aborted: boolean
}

/** What happened: names of templates in the order in which their nodes were made, and those whose node ran into a deadline. */
export interface Course {
  readonly started: readonly string[]
  readonly exceeded: readonly string[]
  readonly finished: boolean
}

/**
 * Runs a Workflow by the rules of Chaos Mesh's controllers, written down here a second time and for this test alone: a node is
 * finished once it is accomplished, aborted or over its deadline; a Serial goes on whatever a child came to; a deadline and an
 * abort reach nodes but no pod; a Task starts its branches even when it was aborted. Controllers act in no particular order:
 * `random` decides which node is looked at next.
 */
export function runModel(
  { spec }: Workflow,
  behaviour: (template: WorkflowTemplate) => Behaviour,
  random: () => number,
): Course {
  const nodes: Node[] = []
  let now = 0
  let abort = false
  const spawn = (name: string): Node => {
    const template = spec.templates.find((one) => one.name === name)
    if (template === undefined) throw new Error(`no template ${name}`)
    const isGate = template.task?.container?.args?.[0] === 'gate'
    const { exit, ms, hugeLog = false } = isGate ? { exit: 0, ms: 1_000 } : behaviour(template)
    const deadline = template.deadline === undefined ? Infinity : (parseGoDuration(template.deadline) ?? 0)
    const node = {
      template,
      children: [],
      endsAt: now + ms,
      exit,
      hugeLog,
      deadlineAt: now + deadline,
      ended: false,
      branched: false,
      accomplished: false,
      exceeded: false,
      aborted: false,
    }
    nodes.push(node)
    return node
  }
  const entry = spawn(spec.entry)
  const look = (node: Node): boolean => {
    const before = nodes.length + progress(node)
    if (abort && node === entry) node.aborted = true
    if (now >= node.deadlineAt && !node.accomplished) node.exceeded = true
    if (now >= node.endsAt) node.ended = true
    act(node, spawn, nodes)
    if (node.template.abortWithStatusCheck === true && node.ended && node.exit !== 0) abort = true
    for (const child of node.children.filter((one) => !isFinished(one))) {
      child.aborted ||= node.aborted
      child.exceeded ||= node.exceeded
    }
    return nodes.length + progress(node) > before
  }
  for (;;) {
    settle(nodes, look, random)
    const next = Math.min(
      ...nodes.flatMap(({ endsAt, deadlineAt }) => [endsAt, deadlineAt]).filter((at) => at > now),
    )
    if (!Number.isFinite(next)) break
    now = next
  }
  return {
    started: nodes.map(({ template }) => template.name),
    exceeded: nodes.filter(({ exceeded }) => exceeded).map(({ template }) => template.name),
    finished: isFinished(entry),
  }
}

function settle(nodes: readonly Node[], look: (node: Node) => boolean, random: () => number): void {
  for (let changed = true; changed;) {
    const order = nodes.map((node) => ({ node, rank: random() })).toSorted((a, b) => a.rank - b.rank)
    changed = order.filter(({ node }) => look(node)).length > 0
  }
}

function act(node: Node, spawn: (name: string) => Node, nodes: readonly Node[]): void {
  const { template } = node
  const { children = [] } = template
  const finished = node.children.filter(isFinished).length
  if (template.templateType === 'Serial') {
    const next = children[finished]
    if (!isFinished(node) && finished === node.children.length && next !== undefined)
      node.children.push(spawn(next))
    if (finished === children.length) node.accomplished = true
  } else if (template.templateType === 'Parallel') {
    if (!isFinished(node) && node.children.length === 0) node.children.push(...children.map(spawn))
    if (node.children.length > 0 && finished === children.length) node.accomplished = true
  } else if (template.templateType === 'StatusCheck') {
    if (node.ended) node.accomplished = true
    if (node.ended && node.exit !== 0 && template.abortWithStatusCheck === true) node.aborted = true
  } else if (template.templateType === 'Task') task(node, spawn, nodes)
}

function task(node: Node, spawn: (name: string) => Node, nodes: readonly Node[]): void {
  const { conditionalBranches = [] } = node.template
  if (!node.ended || (conditionalBranches.length > 0 && node.hugeLog)) return
  if (!node.branched) {
    node.branched = true
    const exit = exitOf(node, nodes)
    const selected = conditionalBranches.filter(({ expression }) => isTrue(expression ?? '', exit))
    node.children.push(...selected.map(({ target }) => spawn(target)))
  }
  if (node.children.every(isFinished)) node.accomplished = true
}

function isTrue(expression: string, exit: number): boolean {
  if (expression === 'exitCode == 0') return exit === 0
  if (expression === 'exitCode != 0') return exit !== 0
  throw new Error(`the model knows no ${expression}`)
}

/** Of a gate, what it finds. Whether a deadline passed it sees only where the node had not been accomplished before. */
function exitOf(node: Node, nodes: readonly Node[]): number {
  const args = node.template.task?.container?.args ?? []
  if (args[0] !== 'gate') return node.exit
  const asked = args.slice(1).map((arg) => arg.replace(/^--(step|check)=/, ''))
  const found = asked.map((name) => nodes.filter(({ template }) => template.name === name))
  const passed = found.every(
    (some) =>
      some.length > 0 && some.every((one) => one.ended && one.exit === 0 && !one.exceeded && !one.aborted),
  )
  return passed ? 0 : 2
}

function isFinished({ accomplished, exceeded, aborted }: Node): boolean {
  return accomplished || exceeded || aborted
}

/** What is true of a node and its children: nothing ever becomes untrue again, so that the sum tells of every change. */
function progress(node: Node): number {
  const own = [node.ended, node.branched, node.accomplished, node.exceeded, node.aborted].filter(
    Boolean,
  ).length
  return node.children.reduce((sum, child) => sum + Number(child.exceeded) + Number(child.aborted), own)
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
