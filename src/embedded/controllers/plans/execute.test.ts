import { expect, test } from 'vitest'

import type { Plan } from '../../../contract/crds/head/shared.ts'
import { buildPlan } from './build.ts'
import { executePlan, type Outcome, type Progress, TerminalTaskError } from './execute.ts'

const now = (): Date => new Date('2026-11-21T12:00:00.400Z')

/** Executes a plan once with an answer for each task type, and says which were executed. */
async function run(
  plan: Plan,
  answers: Record<string, Outcome | Error>,
): Promise<Progress & { executed: string[] }> {
  const executed: string[] = []
  const progress = await executePlan(
    plan,
    {
      async execute(task) {
        executed.push(task.type)
        const answer = answers[task.type] ?? { state: 'complete' }
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    now,
  )
  return { ...progress, executed }
}

const steps = (...types: string[]): Plan =>
  buildPlan(
    types.map((type) => [type, {}]),
    { targetPhase: 'Running', failedPhase: 'Failed' },
  )

test('default: tasks that complete at once are done in one look, and the plan with them', async () => {
  const plan = steps('a', 'b')
  expect(await run(plan, {})).toMatchObject({ executed: ['a', 'b'], requeueAfterMs: 1 })
  expect(plan.phase).toBe('Complete')
  expect(plan.tasks.map((task) => [task.status, task.submittedAt])).toEqual([
    ['Complete', '2026-11-21T12:00:00Z'],
    ['Complete', '2026-11-21T12:00:00Z'],
  ])
})

test('behavior: a task in flight stays Pending and is submitted again at each look', async () => {
  const plan = steps('a', 'b')
  for (let look = 0; look < 3; look += 1)
    expect(await run(plan, { a: { state: 'running' } })).toMatchObject({
      executed: ['a'],
      requeueAfterMs: 5000,
    })
  expect(plan.tasks[0]).toMatchObject({ status: 'Pending', submittedAt: '2026-11-21T12:00:00Z' })
  expect(plan.tasks[0]?.retryCount).toBeUndefined()
})

test('error: a submission that fails leaves no trace and is tried again every 5 s without limit', async () => {
  const plan = steps('configure-genesis')
  const before = structuredClone(plan)
  for (let look = 0; look < 200; look += 1)
    expect(await run(plan, { 'configure-genesis': new Error('connection refused') })).toMatchObject({
      requeueAfterMs: 5000,
      hindrance: 'configure-genesis: connection refused',
    })
  expect(plan).toEqual(before)
})

test('error: a reported failure without a budget fails the plan with its detail', async () => {
  const plan = steps('a', 'generate-gentx', 'c')
  expect(await run(plan, { 'generate-gentx': { state: 'failed', error: 'no keys' } })).toEqual({
    executed: ['a', 'generate-gentx'],
  })
  expect(plan).toMatchObject({
    phase: 'Failed',
    failedTaskIndex: 1,
    failedTaskDetail: { type: 'generate-gentx', error: 'no keys', retryCount: 0, maxRetries: 0 },
  })
  expect(plan.tasks.map((task) => task.status)).toEqual(['Complete', 'Failed', 'Pending'])
  expect(await run(plan, {})).toEqual({ executed: [] })
})

test('behavior: a budget is used up with back-offs of 10, 20, then 30 s, and forgets each failure', async () => {
  const plan = steps('replace-pod')
  const failed = { 'replace-pod': { state: 'failed', error: 'nope' } } as const
  const waits: unknown[] = []
  for (let look = 0; look < 3; look += 1) {
    waits.push((await run(plan, failed)).requeueAfterMs)
    expect(plan.tasks[0]).toEqual({
      ...steps('replace-pod').tasks[0],
      id: plan.tasks[0]?.id,
      retryCount: look + 1,
    })
  }
  expect(waits).toEqual([10_000, 20_000, 30_000])
  await run(plan, failed)
  expect(plan).toMatchObject({
    phase: 'Failed',
    failedTaskDetail: { error: 'nope', retryCount: 3, maxRetries: 3 },
  })
})

test('error: a terminal error fails the plan at once, whatever budget is left', async () => {
  const plan = steps('configure-genesis')
  await run(plan, { 'configure-genesis': new TerminalTaskError('never') })
  expect(plan).toMatchObject({
    phase: 'Failed',
    failedTaskDetail: { error: 'never', retryCount: 0, maxRetries: 180 },
  })
})
