import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { createRedactor } from '../redact.ts'
import { contextBytes } from './branch-context.ts'
import { writeSnapshot, type WorkflowSnapshot } from './write-snapshot.ts'

const mnemonic =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'

function node(stdout: string): WorkflowNode {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'WorkflowNode',
    metadata: { name: 'step-abcde', managedFields: [] },
    spec: { templateName: 'step', workflowName: 'w', type: 'Task', startTime: '2026-11-21T12:00:00Z' },
    status: { conditionalBranchesStatus: { context: [JSON.stringify({ exitCode: 1, stdout })] } },
  }
}

async function written(snapshot: WorkflowSnapshot, secrets: string[] = []): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshot '))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeSnapshot(snapshot, folder, createRedactor(secrets))
  const names = await readdir(folder)
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [
        name,
        await readFile(join(folder, name), 'utf8'),
      ]),
    ),
  )
}

function contextOf(text: string | undefined): { exitCode: number; stdout: string } {
  const { items } = parse(text ?? '') as { items: WorkflowNode[] }
  const [context = ''] = items[0]?.status?.conditionalBranchesStatus?.context ?? []
  return JSON.parse(context) as { exitCode: number; stdout: string }
}

test('default: the three objects have the names and the shape that readers know', async () => {
  const files = await written({
    vars: { RUN_ID: 'w', EXIT_REASON: 'pass' },
    workflow: {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'w' },
      spec: { entry: 'e', templates: [] },
    },
    nodes: [node('done')],
  })
  expect([...files.keys()].sort()).toEqual(['workflow-vars.yaml', 'workflow.yaml', 'workflownodes.yaml'])
  expect(parse(files.get('workflow-vars.yaml') ?? '')).toEqual({ RUN_ID: 'w', EXIT_REASON: 'pass' })
  const { kind, items } = parse(files.get('workflownodes.yaml') ?? '') as { kind: string; items: object[] }
  expect({ kind, count: items.length }).toEqual({ kind: 'WorkflowNodeList', count: 1 })
  expect(files.get('workflownodes.yaml')).not.toContain('managedFields')
})

test('behavior: what is gone is left out', async () => {
  expect([...(await written({ vars: {} })).keys()]).toEqual(['workflow-vars.yaml'])
})

test('default: a secret in the log of a branching step is taken out before the log is cut', async () => {
  // The cut goes through the middle of it: half of it would be recognised by nobody.
  const half = mnemonic.length / 2
  const stdout = `${'a line\n'.repeat(900)}${mnemonic} ${'x'.repeat(contextBytes - half)}`
  const files = await written({ nodes: [node(stdout)] }, [mnemonic])
  const text = files.get('workflownodes.yaml') ?? ''
  for (const word of ['slush', 'involve', 'clutch']) expect(text).not.toContain(word)
  const context = contextOf(text)
  expect(context.exitCode).toBe(1)
  expect(context.stdout).toMatch(/^\[\d+ bytes cut\]\n/)
  expect(Buffer.byteLength(context.stdout)).toBeLessThan(contextBytes + 40)
})

test('behavior: a short log stays whole, what is no JSON is cut as text', async () => {
  const short = await written({ nodes: [node('all of it')] })
  expect(contextOf(short.get('workflownodes.yaml'))).toEqual({ exitCode: 1, stdout: 'all of it' })
  const broken = node('')
  if (broken.status?.conditionalBranchesStatus)
    broken.status.conditionalBranchesStatus.context = ['é'.repeat(9_000)]
  const text = (await written({ nodes: [broken] })).get('workflownodes.yaml') ?? ''
  expect(text).toContain(`[${18_000 - contextBytes} bytes cut]`)
  expect(text).not.toContain('\uFFFD')
})
