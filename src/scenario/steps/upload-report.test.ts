import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startStepWorld, type StepWorld } from '../../../test/helpers/step-world.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { secrets, workflowNodes } from '../../contract/kinds.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { openBucket } from '../../evidence/upload/open-bucket.ts'
import { uploadRun } from '../../evidence/upload/upload-run.ts'
import { runKeygen } from './keygen.ts'
import { runUploadReport } from './upload-report.ts'

let world: StepWorld
beforeAll(async () => {
  world = await startStepWorld()
})
afterAll(() => world.close())

async function bucket(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sei-reports-'))
  onTestFinished(() => rm(root, { recursive: true }))
  return root
}

async function allText(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  )
  return texts.join('\n')
}

test('default: the Workflow, its nodes and the values of its steps are uploaded, without the key that a step printed', async () => {
  const root = await bucket()
  const env = await world.workflow('canary')
  await world.run(env, (step) => runKeygen(step, { keyName: 'admin' }))
  const { kube } = world.cluster
  const secret = await kube.get<KubeObject & { data: Record<string, string> }>(secrets, {
    namespace: 'default',
    name: 'admin-canary',
  })
  const mnemonic = Buffer.from(secret.data['mnemonic'] ?? '', 'base64').toString('utf8')
  expect(mnemonic.split(' ')).toHaveLength(24)
  const stdout = `words:\n${mnemonic.split(' ').join('\n')}\n${secret.data['mnemonic']}\n`
  await kube.create<WorkflowNode>(workflowNodes, {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'WorkflowNode',
    metadata: {
      name: 'branching-abcde',
      namespace: 'default',
      labels: { [chaosMeshKeys.workflow]: 'canary' },
    },
    spec: {
      templateName: 'branching',
      workflowName: 'canary',
      type: 'Suspend',
      startTime: '2026-11-21T12:00:00Z',
    },
  })
  const context = [JSON.stringify({ exitCode: 0, stdout })]
  const status = { conditionalBranchesStatus: { branches: [], context } }
  const place = { namespace: 'default', name: 'branching-abcde' }
  await kube.patch(workflowNodes, place, { status }, { type: 'merge', subresource: 'status' })
  const upload = await world.run(env, (step) => runUploadReport(step, { bucket: `file:${root}` }))
  expect(upload).toMatchObject({ exitCode: 0, reason: 'pass' })
  const prefix = join(root, 'nightly/test/canary')
  expect(upload.lines).toEqual([`uploaded 3 files to ${prefix}, 0 were there`])
  expect(await readdir(prefix)).toEqual([
    'manifest.json',
    'run.json',
    'workflow-vars.yaml',
    'workflow.yaml',
    'workflownodes.yaml',
  ])
  const text = await allText(root)
  expect(text).toContain('branching-abcde')
  expect(text).toMatch(/words:\\+n\[redacted\]/)
  expect(text).toContain('ADMIN_SECRET_NAME: admin-canary')
  expect(text).not.toContain(secret.data['mnemonic']?.slice(0, 24))
  // Words by themselves are words of a language; four in a row are part of this one.
  const words = mnemonic.split(' ')
  for (let from = 0; from + 4 <= words.length; from += 1)
    expect(text).not.toMatch(new RegExp(words.slice(from, from + 4).join('\\W+(?:n)?')))
})

test.for([
  ['task-fail', 1],
  ['infra-fail', 2],
  ['pass', 0],
] as const)('default: after %s it ends with %i, the report uploaded', async ([reason, exitCode]) => {
  const root = await bucket()
  const env = await world.workflow(`after-${reason}`)
  await world.run(env, (step) => step.vars.setExitReason(reason))
  const end = await world.run(env, (step) =>
    runUploadReport(step, { bucket: `file:${root}`, prefix: '/some/where/' }),
  )
  expect(end).toMatchObject({ exitCode, reason })
  const vars = await readFile(join(root, 'some/where/workflow-vars.yaml'), 'utf8')
  expect(parse(vars)).toMatchObject({ RUN_ID: `after-${reason}`, EXIT_REASON: reason })
})

test('behavior: a report of the whole run that is there already stays', async () => {
  const root = await bucket()
  const env = await world.workflow('late')
  const first = await world.run(env, (step) => runUploadReport(step, { bucket: `file:${root}` }))
  expect(first.exitCode).toBe(0)
  const folder = await bucket()
  await writeFile(join(folder, 'workflow.yaml'), 'the last word')
  const { nonce } = JSON.parse(await readFile(join(root, 'nightly/test/late/run.json'), 'utf8')) as {
    nonce: string
  }
  await uploadRun(openBucket({ bucket: `file:${root}` }), folder, {
    scenario: 'test',
    runId: 'late',
    nonce,
    writer: 'workflow-run',
    terminal: true,
    takenAt: '2020-01-01T00:00:00.000Z',
  })
  const second = await world.run(env, (step) => runUploadReport(step, { bucket: `file:${root}` }))
  expect(second.exitCode).toBe(0)
  expect(second.lines).toEqual([expect.stringContaining('has a later report of this run')])
  expect(await readFile(join(root, 'nightly/test/late/workflow.yaml'), 'utf8')).toBe('the last word')
})

test('error: what cannot be uploaded is an infrastructure failure, written down as such', async () => {
  const root = await bucket()
  await writeFile(join(root, 'file'), '')
  const env = await world.workflow('nowhere')
  const end = await world.run(env, (step) => runUploadReport(step, { bucket: `file:${join(root, 'file')}` }))
  expect(end).toMatchObject({ exitCode: 2, reason: 'infra-fail' })
  expect(await world.vars('nowhere')).toMatchObject({ EXIT_REASON: 'infra-fail' })
})

test('error: another run with that run id is refused', async () => {
  const root = await bucket()
  const target = { bucket: `file:${root}`, prefix: 'shared' }
  const [one, two] = [await world.workflow('one'), await world.workflow('two')]
  expect((await world.run(one, (step) => runUploadReport(step, target))).exitCode).toBe(0)
  const end = await world.run(two, (step) => runUploadReport(step, target))
  expect(end).toMatchObject({ exitCode: 2, error: { code: 'RUN_ID_TAKEN' } })
})
