import { execa } from 'execa'
import { expect, test } from 'vitest'
import { tempProject } from '../helpers/temp-project.ts'

const doors = ['', '/test', '/plugin', '/client', '/embedded', '/reporter']

/** Makes a process believe that it runs on Node 20, before anything is imported. */
const pretend = "Object.defineProperty(process.versions, 'node', { value: '20.11.0' })"

test.for(doors)('error: the door "%s" refuses an old Node in one line and with 64', async (door) => {
  await using project = await tempProject({ 'pretend.mjs': pretend })
  const { exitCode, stderr } = await execa(
    process.execPath,
    ['--import', './pretend.mjs', '--input-type=module', '-e', `import 'vitest-environment-sei${door}'`],
    { cwd: project.root, reject: false },
  )
  expect(exitCode).toBe(64)
  const message = 'vitest-environment-sei needs Node 24 or newer; this is 20.11.0. Fix: install Node 24'
  expect(stderr.split('\n').filter((line) => line.includes(message))).toHaveLength(1)
  // No frame of ours: the line alone says it.
  expect(stderr).not.toContain('node-version')
})
