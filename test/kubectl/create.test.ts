import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApiServer, type ApiServer } from '../../src/embedded/apiserver/server.ts'
import { createRows } from './create-rows.ts'
import { useKubectl, type Kubectl } from '../helpers/kubectl.ts'

let stateDir: string
let server: ApiServer
let kubectl: Kubectl

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sei-kubectl-server-'))
  server = await startApiServer({ stateDir, freeze: true })
  kubectl = await useKubectl(server.kubeconfigPath)
})
afterAll(async () => {
  await kubectl.close()
  await server.close()
  await rm(stateDir, { recursive: true })
})

const run = (args: string): ReturnType<Kubectl['run']> => kubectl.run(args.split(' '))

async function read(object: string): Promise<unknown> {
  const { stdout, stderr } = await run(`get ${object} -o json`)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('create from flags', () => {
  test.each(createRows)('behavior: $args', async ({ args, object, fields }) => {
    const dry = await run(`create --dry-run=server ${args}`)
    expect(dry).toEqual({ code: 0, stdout: `${object} created (server dry run)`, stderr: '' })
    expect((await run(`get ${object}`)).stderr).toContain('NotFound')
    const created = await run(`create ${args}`)
    expect(created).toEqual({ code: 0, stdout: `${object} created`, stderr: '' })
    expect(await read(object)).toMatchObject(fields)
    const again = await run(`create ${args}`)
    // A real server finds a node port taken before it finds the name taken.
    const refused = expect.stringMatching(/already (?:exists|allocated)$/)
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: refused })
  })

  test.each([
    ['ns Made', 'The Namespace "Made" is invalid: metadata.name: Invalid value: "Made": '],
    ['configmap a -n nowhere', 'failed to create configmap: namespaces "nowhere" not found'],
    ['deployment a_b --image=i', 'metadata.name: Invalid value: "a_b": '],
  ])('error: %s', async (args, text) => {
    const refused = await run(`create ${args}`)
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(text) })
  })
})

describe('run and expose', () => {
  test('behavior: run makes a pod, expose a service of its labels and ports', async () => {
    const made = await run('run alone --image=nginx --port=80 --env=A=B --labels=app=alone')
    expect(made).toEqual({ code: 0, stdout: 'pod/alone created', stderr: '' })
    expect(await read('pod/alone')).toMatchObject({
      metadata: { labels: { app: 'alone' } },
      spec: { restartPolicy: 'Always', containers: [{ name: 'alone', env: [{ name: 'A', value: 'B' }] }] },
    })
    const exposed = await run('expose pod alone --name=seen --target-port=http')
    expect(exposed).toEqual({ code: 0, stdout: 'service/seen exposed', stderr: '' })
    expect(await read('service/seen')).toMatchObject({
      spec: { selector: { app: 'alone' }, ports: [{ port: 80, targetPort: 'http' }] },
    })
  })

  test('behavior: expose takes the selector and ports of a deployment', async () => {
    await run('create deployment shown --image=nginx --port=8080')
    const exposed = await run('expose deployment shown --port=80 --type=NodePort')
    expect(exposed).toEqual({ code: 0, stdout: 'service/shown exposed', stderr: '' })
    expect(await read('service/shown')).toMatchObject({
      spec: { type: 'NodePort', selector: { app: 'shown' }, ports: [{ port: 80, targetPort: 80 }] },
    })
  })
})

describe('auth', () => {
  test.each(['create pods', 'get /healthz', '* *', 'delete nodes/status', 'list secrets -n elsewhere'])(
    'behavior: can-i %s',
    async (what) => {
      const { code, stdout } = await run(`auth can-i ${what}`)
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'yes' })
    },
  )

  test('behavior: can-i --list prints the rules', async () => {
    const { code, stdout, stderr } = await run('auth can-i --list')
    const [head, ...lines] = stdout.split('\n').map((line) => line.trim().split(/ {2,}/))
    expect({ code, stderr, head }).toEqual({
      code: 0,
      stderr: '',
      head: ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'],
    })
    expect(lines).toContainEqual(['*.*', '[]', '[]', '[*]'])
  })

  test('behavior: whoami prints the user and its groups', async () => {
    const { code, stdout } = await run('auth whoami -o json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'SelfSubjectReview',
      status: { userInfo: { groups: expect.arrayContaining(['system:masters']) } },
    })
  })
})

describe('delete', () => {
  test.each([
    ['background', undefined],
    ['orphan', ['orphan']],
    ['foreground', ['foregroundDeletion']],
  ])('behavior: --cascade=%s', async (cascade, finalizers) => {
    await run(`create deployment ${cascade} --image=nginx`)
    const deleted = await run(`delete deployment ${cascade} --cascade=${cascade} --wait=false`)
    expect(deleted).toMatchObject({ code: 0, stdout: `deployment.apps "${cascade}" deleted`, stderr: '' })
    const { code, stdout } = await run(`get deployment ${cascade} -o json --ignore-not-found`)
    expect(code).toBe(0)
    if (finalizers === undefined) expect(stdout).toBe('')
    else expect(JSON.parse(stdout)).toMatchObject({ metadata: { finalizers } })
  })

  test('behavior: by label, and all of a kind', async () => {
    for (const name of ['one', 'two', 'three']) {
      await run(`create configmap ${name} -n made`)
      await run(`label configmap ${name} -n made of=${name.length}`)
    }
    const labelled = await run('delete configmap -n made -l of=3')
    expect(labelled.stdout.split('\n').toSorted()).toEqual(
      ['one', 'two'].map((name) => `configmap "${name}" deleted`),
    )
    expect((await run('delete configmap -n made --all')).stdout).toBe('configmap "three" deleted')
  })

  test('error: of what is not there', async () => {
    expect(await run('delete configmap nothing')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): configmaps "nothing" not found',
    })
  })
})
