import type { SeiNodeTask } from '../../contract/crds/head/seinodetask.ts'
import { apiVersionOf, seiNodes, seiNodeTasks } from '../../contract/kinds.ts'
import { stepFieldManagers } from '../../contract/labels.ts'
import { usageError } from '../../errors/sei-error.ts'
import { appendEnvFile, readEnvFile } from './env-file.ts'
import { checkTask } from './check-rendered.ts'
import { infraFailure } from './exit-reason.ts'
import type { FanOutMode } from './fan-out-mode.ts'
import { ownerReference } from './identity.ts'
import { readJsonPath } from './json-path.ts'
import type { StepContext } from './step.ts'
import { taskName } from './task-name.ts'
import { imagePath, readTemplate, renderObject, type TemplateSource } from './template-file.ts'
import { waitTasks, type TaskTarget } from './wait-tasks.ts'

export interface RunnerOptions {
  readonly template: string
  readonly vars: Readonly<Record<string, string>>
  /** @default that of the Workflow */
  readonly namespace?: string | undefined
  /** One task for each SeiNode that has these labels, with `.NODE` set to its name. */
  readonly perNodeSelector?: string | undefined
  readonly fanOut: FanOutMode
  /** `<JSON path>=<name>` of what is taken from the finished task; see json-path.ts. */
  readonly outputs: readonly string[]
  /** Gets what was taken, as `NAME=value` lines. */
  readonly outputEnvFile: string
  /** Its values are variables too; those of `vars` win. */
  readonly envFile: string
  readonly timeoutMs: number
}

/**
 * Applies a SeiNodeTask of a template, or one for each node of a selector, and waits until enough of them are Complete. Throws,
 * class failed, where too many have failed; class timeout where they have not ended in time. Tasks are left as they are.
 */
export async function runRunner(step: StepContext, options: RunnerOptions): Promise<void> {
  if (options.perNodeSelector !== undefined && Object.hasOwn(options.vars, 'NODE')) throw nodeTwice()
  const namespace = options.namespace ?? step.identity.namespace
  const fromFile = await readEnvFile(imagePath(options.envFile, step.env))
  const vars = { ...fromFile, ...options.vars }
  const template = await readTemplate(options.template, step.env)
  const nodes = await nodesOf(step, namespace, options.perNodeSelector)
  const rendered = nodes.map((NODE) =>
    render(step, template, namespace, NODE === undefined ? vars : { ...vars, NODE }),
  )
  checkQuorum(options.fanOut, rendered.length)
  await Promise.all(rendered.map((target) => apply(step, target)))
  const complete = await waitTasks(step, {
    namespace,
    targets: rendered,
    mode: options.fanOut,
    timeoutMs: options.timeoutMs,
  })
  const [first] = complete
  if (first !== undefined) await writeOutputs(step, options, first)
}

interface Rendered extends TaskTarget {
  readonly task: SeiNodeTask
}

/** `undefined` stands for the one task that names its node itself. */
async function nodesOf(
  { cluster }: StepContext,
  namespace: string,
  labelSelector: string | undefined,
): Promise<readonly (string | undefined)[]> {
  if (labelSelector === undefined) return [undefined]
  const { items } = await cluster.kube.list(seiNodes, { namespace, labelSelector })
  if (items.length > 0) return items.map(({ metadata }) => metadata.name).toSorted()
  throw infraFailure(`no SeiNode of namespace ${namespace} has the labels ${labelSelector}`)
}

function render(
  { identity }: StepContext,
  template: TemplateSource,
  namespace: string,
  vars: Readonly<Record<string, string>>,
): Rendered {
  const rendered: Partial<SeiNodeTask> = renderObject<SeiNodeTask>(template, seiNodeTasks.kind, vars)
  const { metadata } = rendered
  const spec = checkTask(template.path, rendered.spec)
  const name = taskName(spec.kind, template.text, vars)
  const task: SeiNodeTask = {
    apiVersion: apiVersionOf(seiNodeTasks),
    kind: seiNodeTasks.kind,
    metadata: {
      ...metadata,
      name,
      namespace,
      labels: { ...metadata?.labels, ...identity.labels },
      ownerReferences: [ownerReference(identity)],
    },
    spec,
  }
  return { name, node: spec.target.nodeRef.name, task }
}

async function apply({ cluster, signal, say }: StepContext, { name, node, task }: Rendered): Promise<void> {
  await cluster.kube.apply(seiNodeTasks, task, {
    fieldManager: stepFieldManagers.runner,
    force: true,
    signal,
  })
  say(`applied SeiNodeTask ${name} for ${node}`)
}

/** What is missing is left out: kinds that a sidecar carries out may publish nothing. */
async function writeOutputs(step: StepContext, options: RunnerOptions, task: SeiNodeTask): Promise<void> {
  const found = options.outputs.map((output) => {
    const at = output.lastIndexOf('=')
    return [output.slice(at + 1), readJsonPath(output.slice(0, at), task)] as const
  })
  const values = Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
  const missing = found.filter(([, value]) => value === undefined).map(([name]) => name)
  if (missing.length > 0) step.warn(`${task.metadata.name} has nothing for ${missing.join(', ')}`)
  const path = imagePath(options.outputEnvFile, step.env)
  await appendEnvFile(path, values).catch((error: unknown) => {
    throw infraFailure(`${path} cannot be written`, error)
  })
}

function nodeTwice(): Error {
  return usageError([
    {
      what: 'both name the nodes of the tasks',
      where: '--per-node-selector and --var NODE',
      expected: 'one of them',
      fix: 'remove --var NODE=…: each task gets the name of its own node',
    },
  ])
}

function checkQuorum(mode: FanOutMode, total: number): void {
  if (typeof mode === 'string' || mode.quorum <= total) return
  throw usageError([
    {
      what: `a quorum of ${mode.quorum} among ${total} tasks`,
      where: '--fanout-mode',
      expected: `at most quorum:${total}`,
      fix: 'lower the quorum, or correct --per-node-selector',
    },
  ])
}
