import {
  verdictWord,
  type ScenarioReport,
  type StageReport,
  type StepReport,
} from '../../contract/scenario.ts'
import { outcomeOfRun } from './headline.ts'
import { block, code, inline, table } from './markdown.ts'

/** `summary.md`: the verdict in its first line, then what a reader asks next. Assumes redacted data. */
export function renderSummary(report: ScenarioReport): string {
  const { origin, runId } = report
  const word = verdictWord(outcomeOfRun(report))
  const lines = [
    `# ${word}: ${inline(origin.scenario)} (run ${inline(runId)})`,
    '',
    inline(report.headline),
    ...whatHappened(report),
    ...section('Steps', stepTable(report.verdict.steps)),
    ...section('Gates', gateTable(report)),
    ...section('Heights', heightTable(report)),
    ...section('Phases', phaseTable(report.stages)),
    ...section('Run', identity(report)),
    ...section('Inputs', inputs(report)),
    ...section('Defences', defences(report)),
    ...section('Clean-up', cleanUp(report)),
    ...section('Missing evidence', missing(report)),
  ]
  return `${lines.join('\n')}\n`
}

function section(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : ['', `## ${title}`, '', ...body]
}

/** The first failure with the end of its log, and what came after it. */
function whatHappened({ verdict, outcomes }: ScenarioReport): string[] {
  const { first, later } = verdict
  const others = [
    ...later.map((step) => `- then ${describe(step)}`),
    // The first of them is that of the first failure.
    ...outcomes
      .slice(first === undefined ? 0 : 1)
      .map(({ outcome, what }) => `- ${outcome}: ${inline(what)}`),
  ]
  return [
    ...(first === undefined ? [] : ['', `First failure: ${describe(first)}`]),
    ...(first === undefined || first.lastLines.length === 0 ? [] : ['', ...block(first.lastLines)]),
    ...(others.length === 0 ? [] : ['', ...others]),
  ]
}

function describe({ step, result, container, exitCode, reason }: StepReport): string {
  const details = [
    ...(container === undefined ? [] : [`container ${code(container)}`]),
    ...(exitCode === undefined ? [] : [`exit ${exitCode}`]),
    ...(reason === undefined ? [] : [inline(reason)]),
  ]
  return `${code(step)} ${result}${details.length === 0 ? '' : `, ${details.join(', ')}`}`
}

function stepTable(steps: readonly StepReport[]): string[] {
  if (steps.length === 0) return []
  const rows = steps.map(({ step, result, exitCode, startedAt, finishedAt, reason }) => [
    code(step),
    result,
    exitCode === undefined ? '' : String(exitCode),
    took(startedAt, finishedAt),
    inline(reason ?? ''),
  ])
  return table(['step', 'result', 'exit', 'took', 'reason'], rows)
}

function gateTable({ gates = [], gatesOmitted }: ScenarioReport): string[] {
  if (gates.length === 0) return []
  const rows = gates.map(({ gate, node, passed, observed, threshold, tookMs, limitMs }) => [
    node === undefined ? '' : code(node),
    inline(gate),
    passed ? 'passed' : 'not passed',
    inline(observed ?? ''),
    inline(threshold ?? ''),
    tookMs === undefined ? '' : seconds(tookMs),
    limitMs === undefined ? '' : seconds(limitMs),
  ])
  return [
    ...table(['node', 'gate', 'result', 'observed', 'threshold', 'took', 'limit'], rows),
    ...(gatesOmitted === undefined ? [] : ['', `${gatesOmitted} more were left out for want of room.`]),
  ]
}

function heightTable({ heights = [] }: ScenarioReport): string[] {
  if (heights.length === 0) return []
  const rows = heights.map(({ node, role, before, after, blocks }) => [
    code(node),
    inline(role ?? ''),
    before ?? 'not read',
    after ?? 'not read',
    blocks ?? '',
  ])
  return table(['node', 'role', 'before', 'after', 'blocks'], rows)
}

function phaseTable(stages: readonly StageReport[]): string[] {
  if (stages.length === 0) return []
  const rows = stages.map(({ stage, startedAt, finishedAt, error }) => [
    stage,
    startedAt,
    took(startedAt, finishedAt),
    inline(error ?? ''),
  ])
  return table(['phase', 'began', 'took', 'error'], rows)
}

function identity(report: ScenarioReport): string[] {
  const facts: [string, string | undefined][] = [
    ['Workflow', `${report.namespace}/${report.workflow}`],
    ['cluster', report.simulated ? `${report.cluster ?? 'embedded'} (simulated)` : report.cluster],
    ['chains', report.chainIds?.join(', ')],
    ['began', report.startedAt],
    ['ended', `${report.finishedAt} (${took(report.startedAt, report.finishedAt)})`],
    ['started by', report.trigger],
    ['harness', report.harness],
    ['guarded', report.guarded ? 'yes' : 'no'],
  ]
  return list(facts)
}

function inputs(report: ScenarioReport): string[] {
  const { origin, images, vars, allowedDrift, controllerImage } = report
  const at = origin.commit === undefined ? '' : ` at ${origin.commit}`
  return [
    ...list([
      ['scenario', `${origin.repo}${at}, ${origin.path}`],
      ['SHA-256 of it', origin.sha256],
      ['controller', controllerImage],
      ['allowed drift', allowedDrift.length === 0 ? undefined : allowedDrift.join(', ')],
    ]),
    ...images.map(
      ({ image, imageID }) => `- image ${code(image)}${imageID === undefined ? '' : `: ${code(imageID)}`}`,
    ),
    ...Object.entries(vars).map(([name, value]) => `- ${code(`${name}=${value}`)}`),
  ]
}

function defences({ defences: events }: ScenarioReport): string[] {
  return events.map(({ at, line, what }) => `- ${at} ${line}: ${inline(what)}`)
}

function cleanUp({ cleanUp: { deleted, left } }: ScenarioReport): string[] {
  const count = `${deleted.length} object${deleted.length === 1 ? '' : 's'} deleted, ${left.length} left`
  return [count, ...(left.length === 0 ? [] : ['', ...left.map((name) => `- left: ${code(name)}`)])]
}

function missing({ missing: items }: ScenarioReport): string[] {
  return items.map(({ item, reason }) => `- ${code(item)}: ${inline(reason)}`)
}

function list(facts: readonly (readonly [string, string | undefined])[]): string[] {
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${inline(value)}`]))
}

function took(startedAt: string | undefined, finishedAt: string | undefined): string {
  if (startedAt === undefined || finishedAt === undefined) return ''
  return seconds(Date.parse(finishedAt) - Date.parse(startedAt))
}

function seconds(ms: number): string {
  if (!Number.isFinite(ms)) return ''
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1_000)} s`
}
