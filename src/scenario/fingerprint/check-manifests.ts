import { imageReference } from '../../contract/image-reference.ts'
import type { Checked, Problem } from '../../contract/problem.ts'
import { describeMissing } from './access.ts'
import { controllerAgrees } from './compare-images.ts'
import { scheduledRuns, type ScheduledRun } from './cronjob-file.ts'
import { uncoveredRights } from './rbac-file.ts'

/** A YAML file, read. */
export interface YamlFile {
  readonly path: string
  readonly documents: readonly unknown[]
}

/** What of a command line of `workflow-run` the comparisons need. */
export interface RunFlags {
  readonly vars: Readonly<Record<string, string>>
  readonly scenarioRef?: string | undefined
  readonly controllerImage?: string | undefined
}

export interface ManifestCheck {
  readonly rbac?: YamlFile | undefined
  readonly cronjob?: YamlFile | undefined
  /** Of the cluster that these manifests are for, where their arguments do not say it. */
  readonly controllerImage?: string | undefined
  /** Reads arguments as `workflow-run` itself does. */
  parse(args: readonly string[]): Checked<RunFlags>
}

/** Everything in which manifests disagree with each other and with what scenarios need; nothing where they agree. */
export function checkManifests(check: ManifestCheck): Problem[] {
  const runs = check.cronjob === undefined ? [] : scheduledRuns(check.cronjob.documents)
  const accounts = new Set(runs.map(({ account }) => account))
  return [
    ...(check.cronjob === undefined ? [] : checkRuns(check.cronjob.path, runs, check)),
    ...(check.rbac === undefined ? [] : checkRights(check.rbac, [...accounts][0] ?? 'workflow-run')),
  ]
}

function checkRights({ path, documents }: YamlFile, account: string): Problem[] {
  return uncoveredRights(documents, account).map((uncovered) => ({
    what: `the account ${uncovered.account} may not ${describeMissing(uncovered.missing)}`,
    where: path,
    expected: 'what the steps of scenarios and workflow-run need',
    fix: 'take the rules of ci/manifests/task-rbac.yaml and ci/manifests/caller-rbac.yaml',
  }))
}

function checkRuns(path: string, runs: readonly ScheduledRun[], check: ManifestCheck): Problem[] {
  if (runs.length > 0) return runs.flatMap((run) => checkRun(`${path}, ${run.where}`, run, check))
  const what = 'there is no container of a CronJob or Job in it'
  return [{ what, where: path, expected: 'one that runs workflow-run', fix: 'name the file of the CronJob' }]
}

function checkRun(where: string, run: ScheduledRun, check: ManifestCheck): Problem[] {
  const [program, ...others] = run.command
  const [command, ...args] = run.args
  const isSeitask = program === undefined || (/(^|\/)seitask$/.test(program) && others.length === 0)
  if (!isSeitask || command !== 'workflow-run')
    return [
      {
        what: `it runs ${[...run.command, ...run.args].slice(0, 3).join(' ') || 'nothing'}`,
        where,
        expected: 'no command, and workflow-run with its flags as args',
        fix: 'remove command, write args: [workflow-run, --scenario=…]',
      },
    ]
  const parsed = check.parse(args)
  if (!parsed.ok)
    return parsed.problems.map((problem) => ({ ...problem, where: `${where}: ${problem.where}` }))
  return checkFlags(where, run.image, parsed.value, check.controllerImage)
}

function checkFlags(where: string, image: string, flags: RunFlags, said: string | undefined): Problem[] {
  const { vars, scenarioRef: ref, controllerImage: controller = said } = flags
  const { SEITASK_IMAGE: steps } = vars
  if (steps === undefined)
    return [absent(where, 'the image of the steps', '--var=SEITASK_IMAGE=<repository>:<tag>')]
  const { name, tag } = imageReference(steps)
  if (tag === undefined)
    return [absent(where, 'the tag of SEITASK_IMAGE', '--var=SEITASK_IMAGE=<repository>:<tag>')]
  const problems: Problem[] = []
  const disagree = (what: string, expected: string, fix: string): void =>
    void problems.push({ what, where, expected, fix })
  const own = imageReference(image)
  if (own.name === name && own.tag !== tag)
    disagree(
      `the steps are of ${tag}, workflow-run itself of ${own.tag ?? 'no tag'}`,
      'one tag',
      'set both to one',
    )
  if (ref === undefined) problems.push(absent(where, 'the ref of the scenario', `--scenario-ref=${tag}`))
  else if (tag !== ref)
    disagree(
      `the steps are of ${tag}, the scenario of ${ref}`,
      'one commit',
      `--scenario-ref=${tag}, or the image of ${ref}`,
    )
  if (controller === undefined)
    problems.push(absent(where, 'the image of the controller', '--controller-image=<repository>:<tag>'))
  else if (!controllerAgrees(steps, controller))
    disagree(
      `the steps are of ${tag}, the controller is ${controller}`,
      'the commit of the controller',
      'take the image of the steps that was made for this controller',
    )
  return problems
}

function absent(where: string, what: string, fix: string): Problem {
  return { what: `${what} is not said`, where, expected: 'it, to compare', fix }
}
