import { describe, expect, it } from 'vitest'
import { recordedNames, recordedStage } from '../../../test/helpers/chaos-mesh-captures.ts'
import type { ScenarioVerdict } from '../../contract/scenario.ts'
import { judge } from './judge.ts'
import type { RunObjects } from './objects.ts'

function judged(name: string, stage: string): ScenarioVerdict {
  const { workflow, workflownodes = [], pods = [], events } = recordedStage(name, stage)
  return judge({ workflow: workflow ?? undefined, nodes: workflownodes, pods, events } satisfies RunObjects)
}

function told(name: string, stage: string): string {
  const { outcome, summary, steps } = judged(name, stage)
  const each = steps.map(
    ({ step, result, exitCode }) => `${step}=${result}${exitCode === undefined ? '' : `(${exitCode})`}`,
  )
  return `${outcome} | ${summary} | ${each.join(' ')}`
}

const table: readonly (readonly [string, string, string])[] = [
  [
    'a-march-on',
    '04-b-failed-suspend-started',
    'testFailed | task-fail: step b, container main: exited with 1 | a=pass(0) b=task-fail(1) c=not-run',
  ],
  [
    'a-march-on',
    '05-suspend-expired-c-started',
    'testFailed | task-fail: step b, container main: exited with 1 | a=pass(0) b=task-fail(1) c=running',
  ],
  [
    'a-march-on',
    '06-all-done',
    'testFailed | task-fail: step b, container main: exited with 1 | a=pass(0) b=task-fail(1) c=pass(0)',
  ],
  [
    'b-branches-bad-expression',
    '11-bad',
    'noVerdict | infra-fail: step step1 has ended, but its branches are never evaluated | step1=pass(0) step2=not-run',
  ],
  [
    'b-branches-exit0',
    '05-step1-terminal',
    'noVerdict | infra-fail: the Workflow has not ended; running: step2 | step1=pass(0) step2=running onfail=not-run',
  ],
  ['b-branches-exit0', '06-done', 'passed | 2 steps passed | step1=pass(0) step2=pass(0) onfail=not-run'],
  [
    'b-branches-exit1',
    '02-step1-terminal',
    'testFailed | task-fail: step step1, container main: exited with 1 | step1=task-fail(1) step2=not-run onfail=running',
  ],
  [
    'b-branches-exit1',
    '03-done',
    'testFailed | task-fail: step step1, container main: exited with 1 | step1=task-fail(1) step2=not-run onfail=pass(0)',
  ],
  [
    'b-branches-only-success-target',
    '10-step1-failed',
    'testFailed | task-fail: step step1, container main: exited with 1 | step1=task-fail(1) step2=not-run after=running',
  ],
  [
    'c-ab-ann',
    '01-b-running',
    'noVerdict | infra-fail: the Workflow has not ended; running: b | a=pass(0) b=running c=not-run',
  ],
  [
    'c-ab-ann',
    '02-aborted',
    'noVerdict | aborted: somebody else set the annotation workflow.chaos-mesh.org/abort, while b ran | a=pass(0) b=aborted c=not-run',
  ],
  [
    'c-ab-ann',
    '03-b-terminated-after-abort',
    'noVerdict | aborted: somebody else set the annotation workflow.chaos-mesh.org/abort, while b ran | a=pass(0) b=aborted(137) c=not-run',
  ],
  [
    'c-ab-ann',
    '04-unaborted',
    'noVerdict | aborted: somebody else set the annotation workflow.chaos-mesh.org/abort, while b ran | a=pass(0) b=aborted(137) c=running',
  ],
  [
    'c-ab-noann',
    '03-b-terminated-after-abort',
    'noVerdict | aborted: somebody else set the annotation workflow.chaos-mesh.org/abort, while b ran | a=pass(0) b=aborted(137) c=not-run',
  ],
  [
    'd-bad-deadline',
    '12-accepted',
    'noVerdict | infra-fail: the Workflow cannot begin: failed to spawn new entry node of workflow, entry: e | a=not-run',
  ],
  [
    'd-deadline-omitted',
    '09-a-deadline-passed',
    'noVerdict | infra-fail: the Workflow has not ended; running: b | a=pass(0) b=running',
  ],
  [
    'd-entry-deadline',
    '06-entry-deadline',
    "notReady | timeout: the Workflow's deadline passed at 2026-11-21T12:55:47Z | a=timeout b=not-run",
  ],
  [
    'd-entry-deadline',
    '07-a-pod-ended',
    "notReady | timeout: the Workflow's deadline passed at 2026-11-21T12:55:47Z | a=timeout(0) b=not-run",
  ],
  [
    'd-task-deadline',
    '02-a-deadline-b-started',
    'noVerdict | timeout: step a, container main: past its deadline, 2026-11-21T12:55:36Z | a=timeout b=running',
  ],
  [
    'd-task-deadline',
    '04-b-done',
    'noVerdict | timeout: step a, container main: exited with 1, past its deadline, 2026-11-21T12:55:36Z | a=timeout(1) b=pass(0)',
  ],
  [
    'd-task-without-task',
    '13-accepted',
    'noVerdict | infra-fail: step e: its pod cannot be made: failed to create pod for task | e=infra-fail',
  ],
  [
    'e-parallel',
    '02-one-failed',
    'noVerdict | infra-fail: step a, container main: exited with 2 | a=infra-fail(2) a=running b=running z=not-run',
  ],
  [
    'e-parallel',
    '04-done',
    'noVerdict | infra-fail: step a, container main: exited with 2 | a=infra-fail(2) a=pass(0) b=pass(0) z=pass(0)',
  ],
  [
    'e-sc-abort-annotated',
    '02-checked',
    'noVerdict | aborted: status check chk did not succeed, which aborts the Workflow, while a ran | a=aborted b=not-run',
  ],
  [
    'e-sc-abort-noann',
    '12-checked',
    'noVerdict | aborted: status check chk did not succeed, which aborts the Workflow | a=running',
  ],
  ['e-sc-bad', '08-checked', 'noVerdict | infra-fail: the Workflow has not ended; running: a | a=running'],
  ['e-sc-ok', '06-checked', 'noVerdict | infra-fail: the Workflow has not ended; running: a | a=running'],
  [
    'f-delete',
    '01-running',
    'noVerdict | infra-fail: the Workflow has not ended; running: a | a=running b=not-run',
  ],
]

describe('recordings of real controllers', () => {
  it.each(table)('default: %s at %s', (name, stage, verdict) => {
    expect(told(name, stage)).toBe(verdict)
  })

  it('default: every recording has its verdict in this table', () => {
    expect([...new Set(table.map(([name]) => name))].sort()).toEqual(recordedNames())
  })

  it('behavior: a Workflow that somebody deletes while it runs is aborted, with exit code 2', () => {
    const { workflow } = recordedStage('f-delete', '01-running')
    const { workflownodes = [], pods = [] } = recordedStage('f-delete', '02-deleted-now')
    const verdict = judge({ workflow: workflow ?? undefined, workflowLost: true, nodes: workflownodes, pods })
    expect(verdict).toMatchObject({ result: 'aborted', outcome: 'noVerdict' })
    expect(verdict.summary).toBe('aborted: the Workflow was deleted before it had ended')
  })
})

describe('a run that its runner aborted', () => {
  it('error: never passes, also where nothing that is left tells why', () => {
    const { workflow, workflownodes: nodes = [], pods = [] } = recordedStage('b-branches-exit0', '06-done')
    const objects: RunObjects = { workflow: workflow ?? undefined, nodes, pods }
    expect(judge(objects).result).toBe('pass')
    const { result, outcome, summary } = judge({ ...objects, abortedAt: '2026-11-21T21:50:49Z' })
    expect([result, outcome]).toEqual(['infra-fail', 'noVerdict'])
    expect(summary).toContain('the run was aborted')
  })
})
