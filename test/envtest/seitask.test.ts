import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { repository } from '../helpers/pack.ts'

const bin = join(repository, 'dist', 'src', 'cli', 'main.js')

test('behavior: seitask cluster --envtest stays up until it is told to end, and takes everything along', async () => {
  const child = spawn(process.execPath, [bin, 'cluster', '--envtest', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? 'null')
  const ready = (await next()) as { kubeconfigPath: string }
  expect(ready).toMatchObject({ event: 'ready', mode: 'envtest', simulated: true })
  expect(existsSync(ready.kubeconfigPath)).toBe(true)
  child.kill('SIGTERM')
  expect(await next()).toEqual({ event: 'closed' })
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(existsSync(ready.kubeconfigPath)).toBe(false)
})
