import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { docblock, suite, tempProject } from '../helpers/temp-project.ts'

function scenario(second: string): string {
  const task = (name: string, script: string, more = ''): string => `
    - name: ${name}
      templateType: Task
      deadline: 10m
      annotations: { sei.io/log: small${more} }
      task: { container: { name: main, image: busybox, command: [sh, -c, '${script}'] } }`
  return `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata: { name: case, labels: { sei.io/scenario: case } }
spec:
  entry: entry
  templates:
    - { name: entry, templateType: Serial, deadline: 60m, children: [first, second, last] }
${task('first', 'echo first')}
${task('second', second)}
${task('last', 'echo last', ", sei.io/finally: 'true'")}
`
}

test('default: a test has scenarios carried out, and ends with them', async () => {
  await using project = await tempProject({
    'workflow.test.ts': `${docblock({ network: { validators: 1 }, followers: 0 })}${await suite('workflow')}`,
    'well.yaml': scenario('echo second'),
    'failing.yaml': scenario('echo it is not well; exit 1'),
    'endless.yaml': scenario('sleep 600'),
  })
  const { exitCode, output, receipt, folder = '' } = await project.run()
  expect(exitCode, output).toBe(0)
  expect(receipt?.left).toEqual([])
  expect(receipt?.existed.filter(({ kind }) => kind === 'Workflow')).toHaveLength(3)
  const runs = await readdir(join(folder, 'workflows'))
  expect(runs).toHaveLength(3)
  const reports = await Promise.all(
    runs.map(async (run) =>
      JSON.parse(await readFile(join(folder, 'workflows', run, 'report.json'), 'utf8')),
    ),
  )
  const results = reports.map((report: { verdict: { result: string } }) => report.verdict.result)
  expect(results.toSorted()).toEqual(['aborted', 'pass', 'task-fail'])
})
