import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eras, type Era } from '../../src/contract/crds/eras.ts'
import { pods, seiNodeTasks } from '../../src/contract/kinds.ts'
import type { Pod } from '../../src/contract/objects.ts'
import { home, startHome } from '../helpers/home.ts'
import { taskStatuses } from '../helpers/kind-captures.ts'
import { distinct, taskMilestone } from '../helpers/milestones.ts'
import { ahead, type KindRow, kindRows } from '../helpers/task-kinds.ts'
import { createTaskWorld, found, nodes, populate, type TaskWorld } from '../helpers/task-world.ts'

/**
 * Every kind of SeiNodeTask through every fate it can meet, on the definitions and the controller of either era. What a status
 * says, in its order, is what was recorded of a real controller where there is a recording.
 */

/** Half of the default: a budget must not be over before a busy API server has taken in that the work is under way. */
const rate = 100

/** Less than the sidecar waits for inclusion: what was not seen by then is looked for anew. */
const timeoutSeconds = 50

const met = 'TargetReady=T/PhaseMet'
const begun = ['- -', `Running Pending ${met}`]

/** `status.task.status` while the work is under way: June had no Running. */
const working: Readonly<Record<Era, string>> = { head: 'Running+', june: 'Pending+' }

/** How its status goes when all goes well. */
function completing({ atOnce, outputs = {}, reason }: KindRow, era: Era): string[] {
  const ready = era === 'head' && reason === 'Confirmed' ? 'Confirmed' : 'TaskComplete'
  const done = ['Complete Complete+', ...Object.keys(outputs), `Ready=T/${ready}`, met].join(' ')
  return [...begun, ...(atOnce === 'always' ? [] : [`Running ${working[era]} ${met}`]), done]
}

const failing = (reason: string, work: string, target = ` ${met}`): string =>
  `Failed ${work} Failed=T/${reason}${target}`

/** `{ height: 'number' }` and patterns as a matcher of what the controller wrote. */
function matcher(outputs: object): unknown {
  const of = (value: unknown): unknown => {
    if (value === 'number') return expect.any(Number)
    if (value instanceof RegExp) return expect.stringMatching(value)
    return typeof value === 'object' && value !== null ? matcher(value) : value
  }
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, of(value)]))
}

/** This home's definitions are today's, whoever wrote them. */
const of = (era: Era): { definitions?: string } => (era === 'head' ? {} : { definitions: era })

/** Definitions of others say the same of what they refuse, in words of their own. */
const ownWords = (era: Era): boolean => era !== 'head' || home().definitions === undefined

const rowsOf = (era: Era): [string, KindRow][] =>
  kindRows.filter((row) => row.eras.includes(era)).map((row) => [row.kind, row])

describe.for(eras)('%s', (era) => {
  let world: TaskWorld
  beforeAll(async () => {
    world = await createTaskWorld(await startHome({ ...of(era), rate }))
    await populate(world)
  })
  afterAll(() => world?.cluster.close())

  test.for(rowsOf(era))('default: %s completes', async ([kind, row]) => {
    const payload = (await row.payload?.(world)) ?? row.sample
    const task = await world.create(`${kind}-completes`, { kind: row.kind, ...payload }, { node: row.target })
    const { status } = await world.over(task)
    const [expected, said] = [completing(row, era), world.milestones(task)]
    // The third is that it is under way.
    expect(said).toEqual(
      row.atOnce === 'sometimes' && said.length < expected.length ? expected.toSpliced(2, 1) : expected,
    )
    if (row.outputs === undefined) expect(status).not.toHaveProperty('outputs')
    else expect(status?.outputs).toEqual(matcher(row.outputs))
    await world.ready(row.target)
  })

  test.for(rowsOf(era))('error: %s whose target never is in the phase', async ([kind, row]) => {
    const target = { node: row.target, requirePhase: 'Failed', requirePhaseTimeout: '20s' } as const
    const task = await world.create(`${kind}-phase`, { kind: row.kind, ...row.sample }, target)
    await world.over(task)
    const waiting = 'TargetReady=F/PhaseNotMet'
    expect(world.milestones(task)).toEqual([
      '- -',
      `- - ${waiting}`,
      failing('TargetResolveFailed', '-', ` ${waiting}`),
    ])
    expect(await world.events(task)).toEqual(['Warning TargetResolveFailed'])
  })

  test.for(rowsOf(era))('error: %s without a target', async ([kind, row]) => {
    const task = await world.create(`${kind}-missing`, { kind: row.kind, ...row.sample }, { node: 'nobody' })
    await world.over(task)
    expect(world.milestones(task)).toEqual(['- -', failing('TargetResolveFailed', '-', '')])
    expect(await world.events(task)).toEqual(['Warning TargetResolveFailed'])
  })

  test.for(rowsOf(era).filter(([, row]) => row.endless !== undefined))(
    'error: %s that takes too long',
    async ([kind, { kind: of, endless }]) => {
      if (endless === undefined) return
      const spec = { kind: of, timeoutSeconds, ...(await endless.payload(world)) }
      const task = await world.create(`${kind}-slow`, spec, { node: endless.node })
      const { status } = await world.over(task)
      expect(world.milestones(task)).toEqual([
        ...begun,
        `Running ${working[era]} ${met}`,
        failing('Timeout', 'Failed+ err'),
      ])
      expect(status?.task?.err).toBe('timeout')
      expect(status?.conditions?.at(-1)?.message).toBe('task did not complete within 50s')
      expect(await world.events(task)).toEqual(['Warning Timeout'])
    },
  )

  test.for(rowsOf(era).filter(([, row]) => row.endless === undefined))(
    'behavior: %s outlives its budget while there is no sidecar to take it',
    async ([kind, row]) => {
      const spec = { kind: row.kind, timeoutSeconds: 1, ...row.sample }
      const task = await world.create(`${kind}-slow`, spec, { node: nodes.paused })
      // Another one, on a node that is there, is given up twice as late: the first had every chance to be.
      const other = { kind: 'AwaitNodesAtHeight', timeoutSeconds: 2 * timeoutSeconds } as const
      const watch = { ...other, awaitNodesAtHeight: { targetHeight: 1_000_000 } }
      await world.over(await world.create('watch', watch, { node: nodes.validator }))
      expect(world.milestones(task)).toEqual(begun)
      await world.cluster.kube.delete(seiNodeTasks, { namespace: 'default', name: task.metadata.name })
    },
  )

  const bad = rowsOf(era).flatMap(([kind, row]) =>
    row.bad.map((params): [string, string, KindRow, typeof params] => [kind, params.why, row, params]),
  )
  const ours = ownWords(era)
  test.for(bad)('error: %s with %s', async ([kind, , row, { payload, target, reason, message }]) => {
    const creating = world.create(
      `${kind}-bad`,
      { kind: row.kind, ...payload },
      target ?? { node: row.target },
    )
    if (reason === undefined) {
      await expect(creating).rejects.toMatchObject({
        details: { status: { code: 422, message: expect.stringContaining(ours ? message : 'spec') } },
      })
      return
    }
    const task = await creating
    const { status } = await world.over(task)
    const said = world.milestones(task)
    expect(said.slice(0, 2)).toEqual(begun)
    const work = reason === 'TaskFailed' ? 'Failed+ err' : 'Pending'
    expect(said.at(-1)).toBe(failing(reason, work))
    expect(status?.conditions?.at(-1)?.message).toContain(message)
    expect(await world.events(task)).toEqual([`Warning ${reason}`])
  })

  test('behavior: AwaitCondition can end seid at a height, which starts again in its pod', async () => {
    const restarts = async (): Promise<number> => {
      const pod = await world.cluster.kube.get<Pod>(pods, {
        namespace: 'default',
        name: `${nodes.validator}-0`,
      })
      const seid = pod.status?.containerStatuses?.find(({ name }) => name === 'seid')
      return seid?.restartCount ?? 0
    }
    const before = await restarts()
    const awaitCondition = { height: await ahead(world), action: 'SIGTERM_SEID' } as const
    const spec = { kind: 'AwaitCondition', awaitCondition } as const
    const { status } = await world.over(await world.create('sigterm', spec, { node: nodes.validator }))
    expect(status?.phase).toBe('Complete')
    await expect.poll(restarts, { timeout: 60_000 }).toBe(before + 1)
    await world.ready(nodes.validator)
  })

  if (era === 'june')
    test('behavior: RestartPod of a pod that is gone deletes nothing and completes', async () => {
      const [node] = nodes.followers
      const before = await world.podUid(node)
      const payload = { restartPod: { podUID: '00000000-0000-4000-8000-000000000000' } }
      const task = await world.create('stale', { kind: 'RestartPod', ...payload }, { node })
      expect((await world.over(task)).status).toMatchObject({
        phase: 'Complete',
        task: { restartedPodUID: payload.restartPod.podUID },
      })
      expect(await world.podUid(node)).toBe(before)
    })
  else
    test('behavior: RestartSeid restarts the process in place, and the sidecar keeps its gate open', async () => {
      const [node] = nodes.followers
      const before = await world.podUid(node)
      await world.over(await world.create('in-place', { kind: 'RestartSeid', restartSeid: {} }, { node }))
      const pod = await world.cluster.kube.get<Pod>(pods, { namespace: 'default', name: `${node}-0` })
      expect(pod.metadata.uid).toBe(before)
      const seid = pod.status?.containerStatuses?.find(({ name }) => name === 'seid')
      expect(seid).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 0 } } })
    })
})

describe.for(eras)('%s, with a controller that is older than the definitions', (era) => {
  let world: TaskWorld
  beforeAll(async () => {
    world = await createTaskWorld(await startHome({ ...of(era), rate, taskKinds: [] }))
    await found(world)
  })
  afterAll(() => world?.cluster.close())

  test.for(rowsOf(era))('error: %s is admitted, and unknown to the controller', async ([kind, row]) => {
    const spec = { kind: row.kind, ...row.sample }
    const task = await world.create(`${kind}-old`, spec, { node: nodes.validator })
    const { status } = await world.over(task)
    expect(world.milestones(task)).toEqual(['- -', failing('UnsupportedKind', '-')])
    expect(status?.conditions?.at(-1)?.message).toBe(`unsupported task kind "${kind}"`)
    expect(await world.events(task)).toEqual(['Warning UnsupportedKind'])
  })
})

test('default: the statuses are those that a real controller wrote', () => {
  const recorded = (name: string): string[] => distinct(taskStatuses(name).map(taskMilestone))
  const row = (kind: string): KindRow => {
    const found = kindRows.find((each) => each.kind === kind)
    if (found === undefined) throw new Error(`no kind ${kind}`)
    return found
  }
  for (const [name, kind] of [
    ['gov-up', 'GovSoftwareUpgrade'],
    ['vote-0', 'GovVote'],
    ['upd-rpc-0', 'UpdateNodeImage'],
    ['restart-rpc-1', 'RestartSeid'],
    ['await-after-halt', 'AwaitNodesAtHeight'],
  ] as const)
    expect(recorded(name), name).toEqual(completing(row(kind), 'head'))
  expect(recorded('restart-halted-3')).toEqual([
    ...begun,
    `Running ${working.head} ${met}`,
    failing('Timeout', 'Failed+ err'),
  ])
})
