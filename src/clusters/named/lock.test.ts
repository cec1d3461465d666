import { execa } from 'execa'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withLock } from './lock.ts'
import { identify, isRunning, signalProcess, waitEnded } from './process-identity.ts'
import { clustersFolder, type Env } from './record.ts'

async function state(): Promise<Env> {
  const folder = await mkdtemp(join(tmpdir(), 'sei-lock-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return { XDG_STATE_HOME: folder }
}

function lockUrl(): string {
  return new URL('./lock.ts', import.meta.url).href
}

/** A process that takes the lock and keeps it until it is killed. */
async function holder(env: Env): Promise<{ pid: number | undefined; kill(): Promise<void> }> {
  const script = `
    const { withLock } = await import(${JSON.stringify(lockUrl())})
    await withLock('x', { env: ${JSON.stringify(env)} }, () => { console.log('held'); return new Promise((r) => setTimeout(r, 60_000)) })`
  const child = execa(process.execPath, ['--input-type=module', '-e', script], { reject: false })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await child
  }
  return { pid: child.pid, kill }
}

describe('withLock', () => {
  test('default: one at a time, and nothing is left of it', async () => {
    const env = await state()
    const seen: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      seen.push(`${name} ends`)
    }
    await Promise.all([withLock('x', { env }, work('one')), withLock('x', { env }, work('other'))])
    const [first = '', , second = ''] = seen.map((line) => line.split(' ')[0])
    expect(seen).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`])
    expect(await readdir(clustersFolder(env))).toEqual([])
  })

  test('behavior: what fails gives the lock back', async () => {
    const env = await state()
    const failing = withLock('x', { env }, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await readdir(clustersFolder(env))).toEqual([])
  })

  test('behavior: the lock of a killed process counts for nothing', async () => {
    const env = await state()
    const child = await holder(env)
    await child.kill()
    expect(await withLock('x', { env }, async () => 'mine')).toBe('mine')
  })

  test('behavior: of many that find a stale lock each gets it, one after the other', async () => {
    const env = await state()
    const child = await holder(env)
    const script = `
      const { withLock } = await import(${JSON.stringify(lockUrl())})
      const { appendFileSync } = await import('node:fs')
      const out = process.argv[1]
      await withLock('x', { env: ${JSON.stringify(env)} }, async () => {
        appendFileSync(out, '(')
        await new Promise((r) => setTimeout(r, 10))
        appendFileSync(out, ')')
      })`
    const out = join(env['XDG_STATE_HOME'] ?? '', 'out')
    await writeFile(out, '')
    const all = Array.from({ length: 5 }, () =>
      execa(process.execPath, ['--input-type=module', '-e', script, out]),
    )
    await child.kill()
    await Promise.all(all)
    const { stdout } = await execa('cat', [out])
    expect(stdout).toBe('()()()()()')
  })

  test('error: who waits too long hears who holds it; who is cancelled stops waiting', async () => {
    const env = await state()
    const child = await holder(env)
    const never = (): Promise<void> => Promise.reject(new Error('not held'))
    await expect(withLock('x', { env, timeoutMs: 100 }, never)).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: expect.stringContaining(`process ${child.pid} is still busy with cluster x`),
    })
    await expect(withLock('x', { env, signal: AbortSignal.abort() }, never)).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
    })
  })
})

describe('process identity', () => {
  test('default: a process is itself until it ends, and no other by its pid', async () => {
    const child = execa('sleep', ['60'], { reject: false })
    onTestFinished(() => void child.kill('SIGKILL'))
    const identity = await identify(child.pid ?? 0)
    if (identity === undefined) throw new Error('it runs')
    const other = { ...identity, born: `${identity.born}0` }
    expect(await isRunning(identity)).toBe(true)
    expect(await isRunning(other)).toBe(false)
    await signalProcess(other, 'SIGKILL')
    expect(await waitEnded(identity, 50)).toBe(false)
    await signalProcess(identity, 'SIGTERM')
    expect(await waitEnded(identity, 10_000)).toBe(true)
    expect((await child).signal).toBe('SIGTERM')
  })
})

test('behavior: a relative XDG_STATE_HOME counts as unset', () => {
  const below = 'vitest-environment-sei/clusters'
  expect(clustersFolder({ XDG_STATE_HOME: 'x', HOME: '/home/me' })).toBe(`/home/me/.local/state/${below}`)
  expect(clustersFolder({ XDG_STATE_HOME: '/state', HOME: '/home/me' })).toBe(`/state/${below}`)
})
