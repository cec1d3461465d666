import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { openCluster } from '../clusters/open.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { connectExisting } from '../clusters/existing.ts'
import { defaults } from '../contract/defaults.ts'
import { exitCodes, type Outcome } from '../contract/exit-codes.ts'
import { verdictWord } from '../contract/scenario.ts'
import { isCancelled, isUsage } from '../errors/guards.ts'
import { cancelledError, usageError } from '../errors/sei-error.ts'
import { ownVersion } from '../scenario/own-package.ts'
import { carryOut, type CarriedOut } from '../scenario/run/carry-out.ts'
import type { ScenarioOrder } from '../scenario/run/order.ts'
import { bucketTargetOf } from './bucket-options.ts'
import { textOf, type CommandContext, type OptionValues } from './command.ts'
import { runManifestCheck } from './manifest-check.ts'
import { imagesOf } from './named-options.ts'
import { printError } from './print-error.ts'
import { describeEvent } from './workflow-run-events.ts'
import { driftNamesOf, workflowRunOptions } from './workflow-run-options.ts'

/**
 * Carries a scenario out and resolves to the exit code of all that happened to it. The first signal still lets it capture,
 * delete and ship; the second ends it at once.
 */
export async function run(context: CommandContext): Promise<number> {
  const { options, say, note, emit } = context
  if (options['check'] === true) return await runManifestCheck(context, workflowRunOptions)
  const scenario = textOf(options['scenario'])
  if (scenario === undefined) throw usageError([noScenario])
  const stop = termination(note)
  let cluster: Cluster | undefined
  const order: ScenarioOrder = {
    ...settingsOf(options),
    source: {
      scenario,
      repo: textOf(options['scenario-repo']),
      ref: textOf(options['scenario-ref']),
      allowBranch: options['allow-branch'] === true,
      signal: stop.signal,
    },
    signal: stop.signal,
    open: async (fastestRate) => {
      cluster = await openOne(options, stop.signal, fastestRate)
      // What is left to do then is to say so.
      void cluster.exited.then((lost) => stop.abort(lost))
      note(cluster.describe())
      return cluster
    },
    onEvent: (event) => {
      const line = describeEvent(event)
      if (line !== undefined) (event.event === 'warning' ? note : say)(line)
      emit(event)
    },
    onNotice: note,
  }
  try {
    return tell(context, scenario, await carryOut(order))
  } catch (error) {
    printError(context, 'workflow-run', error)
    say(`--- NO VERDICT: ${scenario}`)
    const outcome = failureOf(error, stop.signal)
    emit({ event: 'result', scenario, verdict: 'NO VERDICT', outcome, exitCode: exitCodes[outcome] })
    return exitCodes[outcome]
  } finally {
    await cluster?.close()
  }
}

/** Of what was thrown before anything was applied. */
function failureOf(error: unknown, signal: AbortSignal): Outcome {
  if (isUsage(error)) return 'usage'
  return isCancelled(error) || isCancelled(signal.reason) ? 'cancelled' : 'noVerdict'
}

function tell({ say, note, emit }: CommandContext, scenario: string, done: CarriedOut): number {
  const { run, outcome, folder, upload } = done
  const exitCode = exitCodes[outcome]
  const word = verdictWord(outcome)
  for (const other of run.outcomes.slice(run.verdict.result === 'pass' ? 0 : 1)) note(`also: ${other.what}`)
  for (const one of run.cleanUp.left) note(`left: ${one}`)
  say(upload === undefined ? `report: ${folder}, and nowhere else` : `report: ${upload.url}`)
  say(`${run.simulated ? 'simulated: ' : ''}${run.verdict.summary}`)
  say(`--- ${word}: ${scenario}`)
  const { verdict, workflow, runId, cleanUp, outcomes } = run
  emit({
    event: 'result',
    scenario,
    runId,
    workflow,
    verdict: word,
    outcome,
    exitCode,
    result: verdict.result,
    summary: verdict.summary,
    first: verdict.first,
    outcomes,
    left: cleanUp.left,
    folder,
    url: upload?.url,
    simulated: run.simulated,
  })
  return exitCode
}

function settingsOf(options: OptionValues): Omit<ScenarioOrder, 'source' | 'open'> {
  const out = textOf(options['out']) ?? defaults.runFolder
  const warnAfterMs = Number(options['warn-after'])
  const allowed = textOf(options['allow-drift'])
  return {
    vars: options['var'] as Readonly<Record<string, string>>,
    placeholders: options['placeholder'] as readonly string[],
    runId: textOf(options['run-id']),
    guard: options['no-guard'] !== true,
    namespace: textOf(options['namespace']),
    folder: (workflow) => join(out, workflow),
    bucket: bucketTargetOf(options),
    prefix: textOf(options['prefix']),
    allowDrift: allowed === undefined ? [] : driftNamesOf(allowed),
    controllerImage: textOf(options['controller-image']),
    seitaskImage: textOf(options['seitask-image']),
    ...(warnAfterMs === 0 ? {} : { warnAfterMs }),
    captureBudgetMs: Number(options['capture-budget']),
    deleteTimeoutMs: Number(options['delete-timeout']),
    trigger: triggerOf(process.env),
    harness: ownVersion(),
  }
}

/** As the other commands, on what a kubeconfig or the pod says; a cluster of its own only where that is asked for by name. */
function openOne(
  options: OptionValues,
  signal: AbortSignal,
  rate: number = defaults.stepRate,
): Promise<Cluster> {
  const namespace = textOf(options['namespace'])
  const { env } = process
  const own = (['embedded', 'envtest'] as const).find(
    (mode) => env[`SEI_${mode.toUpperCase()}`] !== undefined,
  )
  if (own === undefined) return connectExisting({ context: textOf(options['context']), namespace, signal })
  const source = `SEI_${own.toUpperCase()}`
  return openCluster(
    { mode: own, source },
    {
      ...(namespace === undefined ? {} : { namespace }),
      signal,
      env,
      // One pace for all that steps wait for: their programs, deadlines, and blocks of 600 ms.
      embedded: { images: imagesOf(options), rate, blockMs: 600 / rate },
    },
  )
}

function triggerOf(env: NodeJS.ProcessEnv): string {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return `pod ${hostname()}`
  return `${userInfo().username} on ${hostname()}`
}

function termination(note: (line: string) => void): AbortController {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(exitCodes.cancelled)
      note(`${name}: what there is to see is kept and everything deleted; a second signal ends this at once`)
      stop.abort(cancelledError(`stopped by ${name}`))
    })
  return stop
}

const noScenario = {
  what: 'no scenario is named',
  where: '--scenario',
  expected: 'its name, or the path of a Workflow file',
  fix: 'write --scenario release-test',
}
