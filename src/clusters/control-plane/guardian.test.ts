import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

/** A process with a guardian and one child; told a word, it dismisses the guardian and ends. */
const guarded = `
import { spawn } from 'node:child_process'
import { startGuardian } from ${JSON.stringify(new URL('guardian.ts', import.meta.url).href)}
const guardian = startGuardian(process.argv[1])
const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
console.log(child.pid)
process.stdin.once('data', async () => {
  await guardian.dismiss()
  process.exit(7)
})`

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'sei guarded '))
  const leader = spawn(process.execPath, ['--input-type=module-typescript', '-e', guarded, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = (await once(createInterface({ input: leader.stdout }), 'line')) as [string]
  const child = Number(line)
  onTestFinished(() => {
    leader.kill('SIGKILL')
    if (isAlive(child)) process.kill(child, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return { leader, child, folder }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function guardiansOf(folder: string): Promise<number[]> {
  const { stdout } = await execa('ps', ['-axo', 'pid=,args='])
  const lines = stdout.split('\n').filter((text) => / guardian \d+ /.test(text) && text.includes(folder))
  return lines.map((text) => Number.parseInt(text, 10))
}

const patience = { timeout: 20_000 }

test('default: whatever the killed process started ends with it, and its folder goes', async () => {
  const { leader, child, folder } = await start()
  expect(await guardiansOf(folder)).toHaveLength(1)
  leader.kill('SIGKILL')
  await expect.poll(() => isAlive(child), patience).toBe(false)
  await expect.poll(() => guardiansOf(folder), patience).toEqual([])
  expect(existsSync(folder)).toBe(false)
})

test('behavior: one that is killed is replaced', async () => {
  const { leader, child, folder } = await start()
  const [first = Number.NaN] = await guardiansOf(folder)
  process.kill(first, 'SIGKILL')
  const others = async () => (await guardiansOf(folder)).filter((pid) => pid !== first)
  await expect.poll(others, patience).toHaveLength(1)
  leader.kill('SIGKILL')
  await expect.poll(() => isAlive(child), patience).toBe(false)
  await expect.poll(() => existsSync(folder), patience).toBe(false)
})

test('behavior: dismissed it touches nothing, and the process ends as it wants to', async () => {
  const { leader, child, folder } = await start()
  leader.stdin.write('over')
  expect(await once(leader, 'exit')).toEqual([7, null])
  await expect.poll(() => guardiansOf(folder), patience).toEqual([])
  expect(isAlive(child)).toBe(true)
  expect(existsSync(folder)).toBe(true)
})
