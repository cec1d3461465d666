import { expect, isSeiError, test, type ScenarioVerdict } from 'vitest-environment-sei/test'

const passing = 60_000

test('a scenario passes', { timeout: passing }, async ({ workflow, network }) => {
  const run = await workflow.run('./well.yaml')
  expect(run.verdict.steps.map(({ step, result }) => [step, result])).toEqual([
    ['first', 'pass'],
    ['second', 'pass'],
    ['last', 'pass'],
  ])
  expect(run.cleanUp.left).toEqual([])
  expect(run.namespace).toBe(network.namespace)
})

test('a scenario fails', { timeout: passing }, async ({ workflow }) => {
  const error: unknown = await workflow.run('./failing.yaml').catch((reason: unknown) => reason)
  if (!isSeiError(error)) throw error
  expect(error).toMatchObject({ code: 'WORKFLOW_FAILED', class: 'failed' })
  expect(error.message).toContain('step second, container main: exited with 1 | it is not well')
  const verdict = error.details?.['verdict'] as ScenarioVerdict | undefined
  const { step, exitCode } = verdict?.first ?? {}
  expect({ result: verdict?.result, step, exitCode }).toEqual({
    result: 'task-fail',
    step: 'second',
    exitCode: 1,
  })
})

test('a scenario that is wrong applies nothing', async ({ workflow }) => {
  const wrong = workflow.run('./well.yaml', { NO_SUCH: 'value' })
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_INPUT', class: 'usage' })
})

test('a test that ends takes its scenario along', { timeout: 3_000, fails: true }, async ({ workflow }) => {
  await workflow.run('./endless.yaml')
})
