import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApiServer, type ApiServer } from '../../src/embedded/apiserver/server.ts'
import { useKubectl, type Kubectl } from '../helpers/kubectl.ts'

/** A command that makes an object from its flags, and sends it in protobuf. */
interface Row {
  readonly args: string
  /** What `get` is asked for afterwards, and what kubectl says was created. */
  readonly object: string
  /** Fields of the object as the server holds it. */
  readonly fields: Readonly<Record<string, unknown>>
}

const port = { port: 80, targetPort: 8080, protocol: 'TCP' }
const pod = (container: object, spec: object = {}): object => ({
  spec: { containers: [expect.objectContaining(container)], ...spec },
})
const rbac = 'rbac.authorization.k8s.io'
const roleRef = (kind: string, name: string): object => ({ apiGroup: rbac, kind, name })

const rows: readonly Row[] = [
  { args: 'ns made', object: 'namespace/made', fields: { spec: { finalizers: ['kubernetes'] } } },
  {
    args: 'configmap plain --from-literal=a=1 --from-literal=empty=',
    object: 'configmap/plain',
    fields: { data: { a: '1', empty: '' } },
  },
  { args: 'configmap bare', object: 'configmap/bare', fields: {} },
  {
    args: 'secret generic opaque --from-literal=key=value --from-literal=empty=',
    object: 'secret/opaque',
    fields: { type: 'Opaque', data: { key: 'dmFsdWU=', empty: '' } },
  },
  {
    args: 'secret generic typed --type=example.com/kind --from-literal=key=ü',
    object: 'secret/typed',
    fields: { type: 'example.com/kind', data: { key: 'w7w=' } },
  },
  {
    args: 'secret docker-registry pull --docker-username=u --docker-password=p --docker-server=r.example',
    object: 'secret/pull',
    fields: { type: 'kubernetes.io/dockerconfigjson' },
  },
  { args: 'sa robot', object: 'serviceaccount/robot', fields: {} },
  {
    args: 'job once --image=busybox -- sh -c true',
    object: 'job.batch/once',
    fields: {
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        suspend: false,
        template: pod({ image: 'busybox', command: ['sh', '-c', 'true'] }, { restartPolicy: 'Never' }),
      },
    },
  },
  {
    args: 'deployment web --image=nginx --replicas=3 --port=80',
    object: 'deployment.apps/web',
    fields: {
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 3,
        revisionHistoryLimit: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: pod({ name: 'nginx', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: {} }),
      },
    },
  },
  {
    args: 'deployment none --image=nginx --replicas=0',
    object: 'deployment.apps/none',
    fields: { spec: { replicas: 0 } },
  },
  {
    args: 'deployment several --image=nginx --image=busybox',
    object: 'deployment.apps/several',
    fields: {
      spec: { replicas: 1, template: { spec: { containers: [{ name: 'nginx' }, { name: 'busybox' }] } } },
    },
  },
  {
    args: 'service clusterip inner --tcp=80:8080 --tcp=81',
    object: 'service/inner',
    fields: {
      spec: {
        type: 'ClusterIP',
        selector: { app: 'inner' },
        ports: [
          { ...port, name: '80-8080' },
          { ...port, name: '81', port: 81, targetPort: 81 },
        ],
      },
    },
  },
  {
    args: 'service clusterip headless --clusterip=None --tcp=80:8080',
    object: 'service/headless',
    fields: { spec: { clusterIP: 'None', ports: [port] } },
  },
  {
    args: 'service nodeport outer --tcp=80:8080',
    object: 'service/outer',
    fields: { spec: { type: 'NodePort', ports: [{ ...port, nodePort: expect.any(Number) }] } },
  },
  {
    args: 'service nodeport fixed --tcp=80:8080 --node-port=31234',
    object: 'service/fixed',
    fields: { spec: { ports: [{ nodePort: 31234 }] } },
  },
  {
    args: 'service loadbalancer balanced --tcp=80:8080',
    object: 'service/balanced',
    fields: { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true } },
  },
  {
    args: 'service externalname elsewhere --external-name=example.com',
    object: 'service/elsewhere',
    fields: { spec: { type: 'ExternalName', externalName: 'example.com' } },
  },
  {
    args: 'role reader --verb=get,list --resource=pods,pods/log,deployments.apps --resource-name=a',
    object: `role.${rbac}/reader`,
    fields: {
      rules: [
        { apiGroups: [''], resources: ['pods', 'pods/log'], resourceNames: ['a'], verbs: ['get', 'list'] },
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['a'], verbs: ['get', 'list'] },
      ],
    },
  },
  {
    args: 'rolebinding readers --role=reader --user=u --group=g --serviceaccount=default:robot',
    object: `rolebinding.${rbac}/readers`,
    fields: {
      roleRef: roleRef('Role', 'reader'),
      subjects: [
        { kind: 'User', apiGroup: rbac, name: 'u' },
        { kind: 'Group', apiGroup: rbac, name: 'g' },
        { kind: 'ServiceAccount', namespace: 'default', name: 'robot' },
      ],
    },
  },
  {
    args: 'rolebinding viewers --clusterrole=viewer --group=g',
    object: `rolebinding.${rbac}/viewers`,
    fields: { roleRef: roleRef('ClusterRole', 'viewer') },
  },
  {
    args: 'clusterrole viewer --verb=get,watch --resource=nodes,pods',
    object: `clusterrole.${rbac}/viewer`,
    fields: { rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'watch'] }] },
  },
  {
    args: 'clusterrole health --verb=get --non-resource-url=/healthz',
    object: `clusterrole.${rbac}/health`,
    fields: { rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] },
  },
  {
    args: 'clusterrole sum --aggregation-rule=a=b',
    object: `clusterrole.${rbac}/sum`,
    fields: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
  },
  {
    args: 'clusterrolebinding everyone --clusterrole=viewer --group=g',
    object: `clusterrolebinding.${rbac}/everyone`,
    fields: { roleRef: roleRef('ClusterRole', 'viewer'), subjects: [{ kind: 'Group', name: 'g' }] },
  },
]

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
  test.each(rows)('behavior: $args', async ({ args, object, fields }) => {
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
