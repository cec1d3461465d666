import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

/** `seitask workflow-run` as its users have it: a process, its lines, its exit code. */

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

function start(args: readonly string[]) {
  return execa(process.execPath, [main, 'workflow-run', ...args], {
    env: { SEI_EMBEDDED: '1' },
    reject: false,
  })
}

interface Started {
  readonly folder: string
  readonly process: ReturnType<typeof start>
}

async function workflowRun(script: string, ...more: readonly string[]): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'sei command '))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const task = (name: string, command: string, annotations: object): object => ({
    name,
    templateType: 'Task',
    deadline: '10m',
    annotations: { 'sei.io/log': 'small', ...annotations },
    task: { container: { name: 'main', image: 'busybox', command: ['sh', '-c', command] } },
  })
  const workflow = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'case', labels: { 'sei.io/scenario': 'case' } },
    spec: {
      entry: 'entry',
      templates: [
        { name: 'entry', templateType: 'Serial', deadline: '60m', children: ['work', 'last'] },
        task('work', script, {}),
        task('last', 'echo last', { 'sei.io/finally': 'true' }),
      ],
    },
  }
  await writeFile(join(folder, 'case.yaml'), JSON.stringify(workflow))
  return { folder, process: start([...argumentsOf(folder), '--out', folder, ...more]) }
}

function argumentsOf(folder: string): string[] {
  const bucket = `file:${join(folder, 'bucket')}`
  return ['--scenario', join(folder, 'case.yaml'), '--run-id', 'one', '--bucket', bucket]
}

function stagesOf(output: string): string[] {
  return output.split('\n').flatMap((line) => /^(\S+) +done, /.exec(line)?.[1] ?? [])
}

const stages = ['fetch', 'substitute', 'apply', 'watch', 'capture', 'tear-down', 'ship']

test.for([
  ['passes', 'echo well', 0, 'PASS', '2 steps passed'],
  [
    'fails',
    'echo it is not well; exit 1',
    1,
    'FAIL',
    'task-fail: step work, container main: exited with 1 | it is not well',
  ],
  ['has no verdict', 'exit 2', 2, 'NO VERDICT', 'infra-fail: step work, container main: exited with 2'],
] as const)('default: a scenario that %s', async ([, script, code, word, summary]) => {
  const { folder, process } = await workflowRun(script)
  const { exitCode, stdout } = await process
  expect(exitCode, stdout).toBe(code)
  expect(stagesOf(stdout)).toEqual(stages)
  const [verdict, last] = stdout.trimEnd().split('\n').slice(-2)
  expect(verdict).toBe(`simulated: ${summary}`)
  expect(last).toBe(`--- ${word}: ${join(folder, 'case.yaml')}`)
  const shipped = await readdir(join(folder, 'bucket/nightly/case/one'))
  expect(shipped).toEqual(
    expect.arrayContaining(['evidence', 'manifest.json', 'report.json', 'run.json', 'summary.md']),
  )
})

test('behavior: SIGTERM captures, deletes and ships, and ends with 130', async () => {
  const { folder, process } = await workflowRun('sleep 600', '--json')
  for await (const line of process.iterable()) {
    const event = JSON.parse(line) as { event: string; result?: string }
    if (event.event === 'step' && event.result === 'running') process.kill('SIGTERM')
  }
  const { exitCode, stdout } = await process
  const events = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(exitCode).toBe(130)
  expect(events.at(-1)).toMatchObject({ event: 'result', verdict: 'NO VERDICT', exitCode: 130, left: [] })
  const done = events
    .filter(({ event, state }) => event === 'stage' && state === 'end')
    .map(({ stage }) => stage)
  expect(done).toEqual(stages)
  expect(await readdir(join(folder, 'bucket/nightly/case/one'))).toContain('manifest.json')
})

test('error: a run id that the bucket has from another run applies nothing', async () => {
  const { folder, process } = await workflowRun('echo well')
  expect((await process).exitCode).toBe(0)
  const again = await start([...argumentsOf(folder), '--out', join(folder, 'again')])
  expect(again.exitCode).toBe(64)
  expect(stagesOf(again.stdout)).toEqual(['fetch'])
  expect(again.stdout.trimEnd().split('\n').at(-1)).toMatch(/^--- NO VERDICT: /)
})
