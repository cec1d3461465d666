import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Container } from '../../../../contract/objects.ts'
import { createClock } from '../../../clock.ts'
import { createVirtualWall } from '../../../wall.ts'
import type { ContainerRun, Sandbox } from '../types.ts'
import { startGuardian, type Guardian } from './guardian.ts'
import { processRuntime } from './process-runtime.ts'

let folder: string
let guardian: Guardian
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sei-process-'))
  guardian = startGuardian(folder)
})
afterAll(async () => {
  await guardian.dismiss()
  await rm(folder, { recursive: true })
})

interface Started {
  readonly run: ContainerRun
  readonly lines: readonly string[]
}

function start(words: readonly string[], env = {}, wall = createVirtualWall()): Started {
  const lines: string[] = []
  const container: Container = { name: 'c', image: 'i' }
  const runtime = processRuntime({
    words,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: folder,
    guardian,
    terminationFile: join(folder, 'termination'),
  })
  // Of the sandbox a process needs nothing but the clock.
  const sandbox = { clock: createClock(200, wall) } as Sandbox
  return { run: runtime({ sandbox, container, log: (line) => lines.push(line) }), lines }
}

describe('a process', () => {
  test('default: a virtual clock does not leap while it runs', async () => {
    const wall = createVirtualWall()
    const { run } = start(['/bin/sh', '-c', 'sleep 0.2'], {}, wall)
    let isPassed = false
    const passed = wall.pass(3_600_000).then(() => (isPassed = true))
    expect(await run.exited).toEqual({ exitCode: 0 })
    expect(isPassed).toBe(false)
    await passed
    expect(wall.leaptMs).toBeGreaterThan(3_500_000)
  })

  test('behavior: it gets variables that no shell could name', async () => {
    const { run, lines } = start(
      [process.execPath, '-e', 'console.log(process.env["odd.name"], process.env.EVEN)'],
      {
        'odd.name': 'a b',
        EVEN: 'c\nd',
      },
    )
    expect(await run.exited).toEqual({ exitCode: 0 })
    expect(lines.join('\n')).toBe('a b c\nd')
  })

  test('behavior: what it leaves behind ends with it, and does not hold up its end', async () => {
    const { run, lines } = start(['/bin/sh', '-c', 'sleep 1000 & echo $!'])
    expect(await run.exited).toEqual({ exitCode: 0 })
    expect(Number(lines[0])).toBeGreaterThan(1)
  })

  test('error: a program that takes too much to start with ends as one that could not be started', async () => {
    const { run } = start(['/bin/echo', 'x'.repeat(4_000_000)])
    expect(await run.exited).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      message: expect.stringContaining('E2BIG'),
    })
  })

  test('error: it is killed while it begins', async () => {
    const { run } = start(['/bin/sleep', '1000'])
    run.kill('SIGKILL')
    expect(await run.exited).toEqual({ exitCode: 137 })
  })
})
