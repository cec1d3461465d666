import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import { secrets } from '../../src/contract/kinds.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import { carryOut } from '../../src/scenario/run/carry-out.ts'
import { rootKeys } from '../helpers/s3-server.ts'
import { awsEnvironment, useS3 } from './world.ts'

const s3 = useS3()
let cluster: EmbeddedCluster
let folder: string
beforeAll(async () => {
  // As fast as real time: programs of this machine have to meet its deadlines.
  cluster = await startEmbedded({ rate: 1 })
  folder = await mkdtemp(join(tmpdir(), 'canary '))
})
afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

const identity = [
  {
    name: 'SEI_WORKFLOW_NAME',
    valueFrom: { fieldRef: { fieldPath: "metadata.labels['chaos-mesh.org/workflow']" } },
  },
  { name: 'SEI_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
]

/** Prints the key in every way that a careless step may: as it is, in lines, numbered, in base64. */
const leak = `
key=$(kubectl get secret admin-canary-$SEI_WORKFLOW_RUN_ID -o 'jsonpath={.data.mnemonic}')
words=$(echo "$key" | base64 -d)
echo "admin key: $words"
echo "$words" | tr ' ' '\\n'
n=0; for word in $words; do n=$((n+1)); echo "$n. $word"; done
echo "$key"`

function scenario(endpoint: string): object {
  const task = (name: string, container: object, deadline = '2m'): object => ({
    name,
    templateType: 'Task',
    deadline,
    annotations: { 'sei.io/log': 'small' },
    task: { container: { name: 'main', ...container } },
  })
  const shell = (script: string): object => ({ image: 'alpine/k8s:1.31.0', command: ['sh', '-c', script] })
  const credentials = Object.entries(awsEnvironment).map(([name, value]) => ({ name, value }))
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name: 'canary-$SEI_WORKFLOW_RUN_ID',
      labels: { 'sei.io/scenario': 'canary', 'sei.io/workflow-run': '$SEI_WORKFLOW_RUN_ID' },
      annotations: { 'sei.io/placeholders': 'S3_BUCKET: text\n' },
    },
    spec: {
      entry: 'canary',
      templates: [
        {
          name: 'canary',
          templateType: 'Serial',
          deadline: '10m',
          children: ['keygen-admin', 'leak', 'fail', 'upload-report'],
        },
        task('keygen-admin', { image: 'sei/seitask:dev', args: ['keygen'], env: identity }),
        task('leak', shell(leak)),
        task('fail', shell(`${leak}\nexit 1`)),
        task('upload-report', {
          image: 'sei/seitask:dev',
          args: ['upload-report', '--bucket=$S3_BUCKET', `--endpoint=${endpoint}`],
          env: [...identity, ...credentials],
        }),
      ],
    },
  }
}

async function readKey(): Promise<string> {
  const name = 'admin-canary-c1'
  const secret = await cluster.kube.get<KubeObject & { data: Record<string, string> }>(secrets, {
    namespace: 'default',
    name,
  })
  return Buffer.from(secret.data['mnemonic'] ?? '', 'base64').toString('utf8')
}

test('default: a key that steps printed, branching ones too, is in no byte of the report in the bucket', async () => {
  const path = join(folder, 'canary.yaml')
  await writeFile(path, JSON.stringify(scenario(s3.server.url), null, 1))
  let key: Promise<string> | undefined
  const { run, outcome, upload } = await carryOut({
    source: { scenario: path },
    vars: {},
    runId: 'c1',
    namespace: 'default',
    open: async () => cluster,
    folder: (workflow) => join(folder, 'runs', workflow),
    bucket: { bucket: s3.bucket.name, endpoint: s3.server.url },
    seitaskImage: 'sei/seitask:dev',
    // It goes with the Workflow.
    onEvent: (event) => {
      if (event.event === 'step' && event.step === 'leak') key ??= readKey()
    },
  })
  expect({ outcome, what: run.outcomes.map(({ what }) => what), left: run.cleanUp.left }).toEqual({
    outcome: 'testFailed',
    what: ['step fail, container main: exited with 1'],
    left: [],
  })
  expect(upload).toMatchObject({ state: 'complete', redacted: [] })
  const prefix = 'nightly/canary/c1'
  expect(await s3.bucket.differences(prefix)).toEqual([])
  const words = ((await key) ?? '').split(' ')
  expect(words).toHaveLength(24)
  const keys = await s3.bucket.keys()
  for (const name of [
    'orchestrator.log',
    'report.json',
    'summary.md',
    'workflow.yaml',
    'workflownodes.yaml',
    'workflow-vars.yaml',
  ])
    expect(keys).toContain(`${prefix}/${name}`)
  const base64 = Buffer.from(words.join(' ')).toString('base64')
  const all: string[] = []
  for (const key of keys) {
    const text = await s3.bucket.text(key)
    all.push(text)
    expect(text, key).not.toContain(base64.slice(0, 24))
    expect(text, key).not.toContain(rootKeys.secretAccessKey)
    // Words by themselves are words of a language; four in a row are part of this key.
    for (let from = 0; from + 4 <= words.length; from += 1)
      expect(text, key).not.toMatch(
        new RegExp(words.slice(from, from + 4).join(String.raw`(\W|\\n|\d)+`), 'i'),
      )
  }
  // What it was taken out of is there.
  expect(all.join('')).toMatch(/conditionalBranchesStatus[\s\S]*admin key: \[redacted\]/)
})
