import { describe, expect, test } from 'vitest'
import { recordedStage } from '../../../test/helpers/chaos-mesh-captures.ts'
import { checkEnd, firstFailure, taskEnd, type TemplateEnd } from './template-end.ts'

/** Name of a recording, its stage, a template, and what a gate has to see there. */
const tasks = [
  ['a-march-on', '06-all-done', 'a', { ended: true, passed: true, exitCode: 0 }],
  ['a-march-on', '06-all-done', 'b', { ended: true, passed: false, exitCode: 1, what: 'exit code 1' }],
  ['a-march-on', '02-a-running', 'a', { ended: false, passed: false }],
  ['a-march-on', '02-a-running', 'b', { ended: true, passed: false, what: 'it was never started' }],
  ['a-march-on', '01-created', 'a', { ended: false, passed: false }],
  [
    'd-task-deadline',
    '02-a-deadline-b-started',
    'a',
    { ended: true, passed: false, what: 'it did not end before its deadline (NodeDeadlineExceed)' },
  ],
  ['d-task-deadline', '04-b-done', 'b', { ended: true, passed: true }],
  ['d-deadline-omitted', '09-a-deadline-passed', 'a', { ended: true, passed: true }],
  ['b-branches-exit1', '02-step1-terminal', 'step1', { ended: true, passed: false, exitCode: 1 }],
  // Two nodes of one template: one failed, the other may still be open.
  ['e-parallel', '02-one-failed', 'a', { ended: true, passed: false, exitCode: 2 }],
  ['e-parallel', '04-done', 'b', { ended: true, passed: true }],
  ['c-ab-ann', '02-aborted', 'b', { ended: true, passed: false, what: 'it was aborted' }],
  ['c-ab-ann', '05-deleted-pod-a', 'a', { ended: false, passed: false }],
] as const

describe('what real controllers wrote', () => {
  test.for(tasks)('behavior: %s at %s, Task %s', ([name, stage, template, expected]) => {
    const { workflownodes = [], pods = [] } = recordedStage(name, stage)
    expect(taskEnd(template, workflownodes, pods)).toMatchObject({ template, ...expected })
  })

  test('behavior: without its pod a branching Task has what its node recorded', () => {
    const { workflownodes = [] } = recordedStage('b-branches-exit1', '03-done')
    expect(taskEnd('step1', workflownodes, [])).toMatchObject({ ended: true, passed: false, exitCode: 1 })
    expect(taskEnd('onfail', workflownodes, [])).toMatchObject({ ended: true, passed: false })
  })

  test.for([
    ['e-sc-abort-annotated', '02-checked', false],
    ['e-sc-ok', '06-checked', true],
  ] as const)('behavior: %s at %s, StatusCheck passed: %s', ([name, stage, passed]) => {
    const { workflownodes = [] } = recordedStage(name, stage)
    expect(checkEnd('chk', workflownodes)).toMatchObject({ ended: true, passed })
    expect(checkEnd('none', workflownodes)).toMatchObject({ passed: false })
  })

  test('behavior: a pod that failed without a container’s end is told by its reason', () => {
    const { workflownodes = [], pods = [] } = recordedStage('a-march-on', '02-a-running')
    const evicted = pods.map((pod) => ({
      ...pod,
      status: { phase: 'Failed' as const, reason: 'DeadlineExceeded' },
    }))
    expect(taskEnd('a', workflownodes, evicted)).toMatchObject({
      ended: true,
      passed: false,
      what: expect.stringContaining('DeadlineExceeded'),
    })
  })
})

describe('the first of several failures', () => {
  const at = '2026-11-21T22:29:33Z'
  const end = (template: string, given: Partial<TemplateEnd>): TemplateEnd => ({
    template,
    ended: true,
    passed: false,
    what: '',
    ...given,
  })
  const own = end('own', { exitCode: 1, finishedAt: at })

  test('default: is the earliest, whatever their order', () => {
    const later = end('later', { exitCode: 2, finishedAt: '2026-11-21T22:29:34Z' })
    for (const ends of [
      [own, later],
      [later, own],
    ])
      expect(firstFailure(ends)).toBe(own)
    expect(firstFailure([end('well', { passed: true, finishedAt: at })])).toBeUndefined()
  })

  test('behavior: kubelets tell whole seconds: who was stopped in the second of a failure was stopped for it', () => {
    const stopped = end('stopped', { exitCode: 143, finishedAt: at, stopped: true })
    for (const ends of [
      [own, stopped],
      [stopped, own],
    ])
      expect(firstFailure(ends)).toBe(own)
  })

  test('behavior: who never started did not fail before the one that kept it from starting', () => {
    const never = taskEnd('never', [], [])
    for (const ends of [
      [own, never],
      [never, own],
    ])
      expect(firstFailure(ends)).toBe(own)
  })
})
