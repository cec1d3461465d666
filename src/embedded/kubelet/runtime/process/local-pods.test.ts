import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createNetwork,
  eventsAbout,
  startTestCluster,
  until,
  untilGone,
  type TestCluster,
} from '../../../../../test/helpers/embedded-cluster.ts'
import { processesOf } from '../../../../../test/helpers/processes.ts'
import { configMaps, pods, secrets, seiNetworks } from '../../../../contract/kinds.ts'
import type { Container, KubeObject, Pod, PodSpec } from '../../../../contract/objects.ts'
import type { SeiNetwork } from '../../../../contract/crds/head/seinetwork.ts'

const namespace = 'default'
const task = { 'chaos-mesh.org/workflow': 'wf-1' }
let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster({ images: { 'test/node': [process.execPath, '-e'] } })
})
afterAll(() => cluster.close())

function shell(script: string, more: Partial<Container> = {}): Container {
  return { name: 'main', image: 'alpine/k8s:1.31.0', command: ['/bin/sh', '-c'], args: [script], ...more }
}

async function create(
  name: string,
  containers: Container | Container[],
  spec: Partial<PodSpec> = {},
  labels: Record<string, string> = task,
): Promise<void> {
  await cluster.kube.create<Pod>(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { restartPolicy: 'Never', ...spec, containers: [containers].flat() },
  })
}

function put(type: typeof configMaps, name: string, data: Record<string, string>): Promise<KubeObject> {
  return cluster.kube.create<KubeObject & { data: unknown }>(type, {
    apiVersion: 'v1',
    kind: type.kind,
    metadata: { name, namespace },
    data,
  })
}

function pod(name: string, is: (pod: Pod) => boolean): Promise<Pod> {
  return until<Pod>(cluster.kube, pods, { namespace, name }, is)
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'
const isRunning = ({ status }: Pod): boolean => status?.containerStatuses?.[0]?.state?.running !== undefined
const waitingFor =
  (reason: string) =>
  ({ status }: Pod): boolean =>
    status?.containerStatuses?.[0]?.state?.waiting?.reason === reason

/** Phase, exit code, reason and log of a pod that ended. */
async function outcome(
  name: string,
): Promise<{ phase: unknown; exitCode: unknown; reason: unknown; log: string }> {
  const { status } = await pod(name, isOver)
  const { exitCode, reason } = status?.containerStatuses?.[0]?.state?.terminated ?? {}
  const log = await cluster.kube.logs({ namespace, name })
  return { phase: status?.phase, exitCode, reason, log }
}

function logOf(name: string, text: string): Promise<void> {
  return expect.poll(() => cluster.kube.logs({ namespace, name }), { timeout: 10_000 }).toContain(text)
}

describe('a container', () => {
  test('default: runs its command, in the order of its writes, with what its spec gives it', async () => {
    await put(configMaps, 'vars', { GREETING: 'hello' })
    const env = [
      {
        name: 'WORKFLOW',
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['chaos-mesh.org/workflow']" } },
      },
      { name: 'BOTH', value: '$(GREETING) $(WORKFLOW)' },
    ]
    const script = 'echo "$1 $BOTH"; echo err >&2; echo out; printf "no newline"'
    const container = shell(script, { env, envFrom: [{ configMapRef: { name: 'vars' } }] })
    await create('plain', { ...container, args: [script, 'sh', '$(GREETING)!'] })
    expect(await outcome('plain')).toEqual({
      phase: 'Succeeded',
      exitCode: 0,
      reason: 'Completed',
      log: 'hello! hello wf-1\nerr\nout\nno newline\n',
    })
    expect(await eventsAbout(cluster.kube, namespace, { kind: 'Pod', name: 'plain' }, 4)).toEqual([
      'Normal Scheduled: Successfully assigned default/plain to sei-embedded',
      'Normal Pulled: Container image "alpine/k8s:1.31.0" already present on machine',
      'Normal Created: Created container: main',
      'Normal Started: Started container main',
    ])
  })

  test('default: sees nothing of this process’s environment but PATH, language and time zone', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary'
    try {
      await create(
        'bare',
        shell('env | sed "s/=.*//" | LC_ALL=C sort | tr "\\n" " "', {
          env: [{ name: 'AWS_REGION', value: 'x' }],
        }),
      )
      const { log } = await outcome('bare')
      const optional = ['LANG', 'LC_ALL', 'TZ']
      expect(
        log
          .trim()
          .split(' ')
          .filter((name) => !optional.includes(name)),
      ).toEqual(
        [
          'AWS_REGION HOME HOSTNAME HTTP_PROXY KUBECONFIG KUBERNETES_PORT KUBERNETES_SERVICE_HOST',
          'KUBERNETES_SERVICE_PORT KUBERNETES_SERVICE_PORT_HTTPS NODE_USE_ENV_PROXY NO_PROXY PATH PWD',
          'TMPDIR http_proxy no_proxy',
        ].flatMap((names) => names.split(' ')),
      )
    } finally {
      delete process.env['AWS_SECRET_ACCESS_KEY']
    }
  })

  test('default: seitask is this package’s command line', async () => {
    await create('own', { name: 'main', image: 'sei/seitask:1', args: ['no-such-command'] })
    expect(await outcome('own')).toMatchObject({
      exitCode: 64,
      log: expect.stringContaining('no-such-command'),
    })
  })

  // `$$` in a spec is one `$`.
  test.for([
    ['code', 'exit 3', 3],
    ['killed', 'kill -9 $$$$', 137],
    ['told', 'kill -TERM $$$$', 143],
  ] as const)('error: %s shows in its status', async ([name, script, exitCode]) => {
    await create(name, shell(script))
    expect(await outcome(name)).toMatchObject({ phase: 'Failed', exitCode, reason: 'Error' })
  })

  test('behavior: it runs in a folder of its pod, whatever the machine has by that name', async () => {
    await create('where', [
      shell('echo $PWD > where; cat /no/such/folder/where', { workingDir: '/no/such/folder' }),
      shell('pwd', { name: 'usr', workingDir: '/usr' }),
    ])
    const { metadata } = await pod('where', isOver)
    for (const container of ['main', 'usr'])
      expect(await cluster.kube.logs({ namespace, name: 'where' }, { container })).toMatch(
        new RegExp(`/${metadata.uid}/work\n$`),
      )
  })

  test('behavior: its last words come from its file, or from its log', async () => {
    const fallback = { terminationMessagePolicy: 'FallbackToLogsOnError' }
    await create('words', [
      shell('echo log; echo -n words > /dev/termination-log'),
      shell('echo first; echo last; exit 1', { name: 'other', ...fallback }),
    ])
    const { status } = await pod('words', isOver)
    expect(status?.containerStatuses?.map(({ state }) => state?.terminated?.message)).toEqual([
      'words',
      'first\nlast\n',
    ])
  })

  test('behavior: one that fails is started again where its pod says so, and its log before is kept', async () => {
    const spec: Partial<PodSpec> = { restartPolicy: 'OnFailure', volumes: [{ name: 'v', emptyDir: {} }] }
    const script = 'if [ -e /v/again ]; then echo second; else echo first; touch /v/again; exit 1; fi'
    await create('again', shell(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }), spec)
    expect(await outcome('again')).toMatchObject({ phase: 'Succeeded', log: 'second\n' })
    expect(await cluster.kube.logs({ namespace, name: 'again' }, { previous: true })).toBe('first\n')
  })

  test('behavior: 6 MB of log come back whole', async () => {
    await create('loud', shell('i=0; while [ $i -lt 100 ]; do printf "%060000d\\n" $i; i=$((i+1)); done'))
    const { log } = await outcome('loud')
    const lines = log.trimEnd().split('\n')
    expect(lines.map(Number)).toEqual(Array.from({ length: 100 }, (_, at) => at))
    expect(log).toHaveLength(100 * 60_001)
    expect(await cluster.kube.logs({ namespace, name: 'loud' }, { tailLines: 1 })).toBe(`${lines[99]}\n`)
  })
})

describe('what does not start', () => {
  test.for([
    ['unknown', { image: 'sei/unknown:1' }, 'ImagePullBackOff', 'docker.io/sei/unknown:1: not found'],
    [
      'absent',
      { image: 'busybox', command: ['no-such-command'] },
      'ImagePullBackOff',
      'docker.io/library/busybox:latest: not found',
    ],
    ['unnamed', { image: '$SEITASK_IMAGE' }, 'InvalidImageName', 'invalid reference format'],
  ] as const)('error: %s fails its pull', async ([name, container, reason, message]) => {
    await create(name, {
      name: 'main',
      ...container,
      command: [...(('command' in container ? container.command : undefined) ?? [])],
    })
    const { status } = await pod(name, waitingFor(reason))
    expect(status?.phase).toBe('Pending')
    expect(status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(message)
  })

  test('error: variables that are missing are waited for', async () => {
    await create('unset', shell('echo $LATE', { envFrom: [{ configMapRef: { name: 'late-vars' } }] }))
    const { status } = await pod('unset', waitingFor('CreateContainerConfigError'))
    expect(status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "late-vars" not found')
    await put(configMaps, 'late-vars', { LATE: 'came' })
    expect(await outcome('unset')).toMatchObject({ exitCode: 0, log: 'came\n' })
  })

  test('error: volumes that are missing are waited for', async () => {
    const volumes = [{ name: 'profile', configMap: { name: 'late-files' } }]
    const mount = { volumeMounts: [{ name: 'profile', mountPath: '/etc/seiload' }] }
    await create('unmounted', shell('cat /etc/seiload/profile.json', mount), { volumes })
    expect(await eventsAbout(cluster.kube, namespace, { kind: 'Pod', name: 'unmounted' }, 2)).toContain(
      'Warning FailedMount: MountVolume.SetUp failed for volume "profile" : configmap "late-files" not found',
    )
    await pod('unmounted', waitingFor('ContainerCreating'))
    await put(configMaps, 'late-files', { 'profile.json': '{}' })
    expect(await outcome('unmounted')).toMatchObject({ exitCode: 0, log: '{}\n' })
  })

  test('error: an init container that fails ends the pod', async () => {
    await create('init', shell('echo main'), { initContainers: [shell('exit 4', { name: 'first' })] })
    const { status } = await pod('init', isOver)
    expect(status).toMatchObject({ phase: 'Failed', containerStatuses: [{ state: { waiting: {} } }] })
  })
})

describe('volumes', () => {
  test('default: of every kind, in the folders that the mounts name', async () => {
    await put(configMaps, 'files', { a: 'A', b: 'B' })
    await put(secrets, 'hidden', { key: Buffer.from('shh').toString('base64') })
    const volumes = [
      { name: 'config', configMap: { name: 'files', items: [{ key: 'b', path: 'sub/b.txt' }] } },
      { name: 'secret', secret: { secretName: 'hidden' } },
      { name: 'shared', emptyDir: {} },
      { name: 'down', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      {
        name: 'both',
        projected: {
          sources: [
            { configMap: { name: 'files' } },
            { serviceAccountToken: { path: 'token', audience: 'me' } },
            { secret: { name: 'none', optional: true } },
          ],
        },
      },
    ]
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/mnt/${name}` }))
    const script = `cd /mnt/shared; cat from-init /mnt/config/sub/b.txt /mnt/secret/key /mnt/down/name
      echo; ls /mnt/both /mnt/config | tr '\\n' ' '; cut -d. -f2 /mnt/both/token | wc -l; echo x > /tmp/own && cat /tmp/own; cat $SINGLE`
    const env = [{ name: 'SINGLE', value: '/one/file' }]
    const single = { name: 'config', mountPath: '/one/file', subPath: 'sub/b.txt' }
    await create('volumes', shell(script, { env, volumeMounts: [...volumeMounts, single] }), {
      volumes,
      initContainers: [shell('echo init > /mnt/shared/from-init', { name: 'init', volumeMounts })],
    })
    const { log } = await outcome('volumes')
    expect(log.replaceAll(/\S*\/volumes\//g, '').split(/\s+/)).toEqual(
      'init Bshhvolumes both: a b token config: sub 1 x B '.split(' '),
    )
  })
})

describe('the end of a pod', () => {
  test('default: a deletion tells it to end, and its children go with it', async () => {
    const child = 'sleep 98765.4321'
    const waits = 'echo up; while :; do sleep 0.05; done'
    await create('deleted', shell(`trap "echo told; exit 5" TERM; ${child} & ${waits}`))
    await logOf('deleted', 'up')
    expect(await processesOf(child)).not.toEqual([])
    await cluster.kube.delete(pods, { namespace, name: 'deleted' })
    const { status } = await pod(
      'deleted',
      ({ status }) => status?.containerStatuses?.[0]?.state?.terminated !== undefined,
    )
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 5, reason: 'Error' })
    await untilGone(cluster.kube, pods, { namespace, name: 'deleted' })
    await expect.poll(() => processesOf(child)).toEqual([])
  })

  test('error: one that does not listen is killed after its grace', async () => {
    await create('deaf', shell('trap "" TERM; echo up; while :; do sleep 0.05; done'), {
      terminationGracePeriodSeconds: 1,
    })
    await logOf('deaf', 'up')
    await cluster.kube.delete(pods, { namespace, name: 'deaf' })
    await untilGone(cluster.kube, pods, { namespace, name: 'deaf' })
  })

  test('error: a deadline that is set while it runs ends it, and it stays as failed even if it exits 0', async () => {
    await create('late', shell('trap "echo told; exit 0" TERM; echo up; while :; do sleep 0.05; done'))
    await logOf('late', 'up')
    const ref = { namespace, name: 'late' }
    await cluster.kube.patch(pods, ref, { spec: { activeDeadlineSeconds: 1 } }, { type: 'merge' })
    expect((await pod('late', isOver)).status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
      containerStatuses: [{ state: { terminated: { exitCode: 0 } } }],
    })
    expect(await cluster.kube.logs(ref)).toBe('up\ntold\n')
  })
})

describe('what it speaks to', () => {
  const asks = `
    const { readFileSync } = require('node:fs')
    const folder = '/var/run/secrets/kubernetes.io/serviceaccount/'
    const read = (name) => readFileSync(folder + name, 'utf8')
    const path = '/api/v1/namespaces/' + read('namespace') + '/' + process.argv[1]
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
    const headers = { authorization: 'Bearer ' + read('token') }
    require('node:https').get({ host, port, path, ca: read('ca.crt'), headers }, (answer) => {
      console.log(answer.statusCode)
      answer.on('data', (part) => console.log(String(part)))
    })`

  test('default: the API server knows it as its account, whose rights are its own', async () => {
    await create('account', { name: 'main', image: 'test/node', args: [asks, 'secrets'] })
    const { log } = await outcome('account')
    expect(log).toMatch(/^403\n/)
    expect(log).toContain(
      'User \\"system:serviceaccount:default:default\\" cannot list resource \\"secrets\\"',
    )
  })

  test('default: Services answer by their names, through the proxy of its environment', async () => {
    await createNetwork(cluster.kube, { namespace, name: 'net' })
    await until<SeiNetwork>(
      cluster.kube,
      seiNetworks,
      { namespace, name: 'net' },
      ({ status }) => status?.phase === 'Ready',
    )
    const names = ['net-0.default.svc.cluster.local', 'net-0-0.net-0.default.svc', 'net-0']
    const script = `(async () => {
      const patient = async (ask) => {
        for (let more = 50; more > 0; more -= 1) {
          const answer = await ask().catch(() => undefined)
          if (answer !== undefined) return answer
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      const status = (name) => fetch('http://' + name + ':26657/status').then((answer) => answer.status)
      for (const name of process.argv.slice(1)) console.log(await patient(() => status(name)))
      console.log(await status('net-9.default.svc').catch(() => 'refused'))
      const body = '{"jsonrpc":"2.0","id":1,"method":"status","params":[]}'
      const headers = { 'content-type': 'application/json' }
      const rpc = () => fetch('http://net-0.default.svc:26657/', { method: 'POST', headers, body })
      console.log(Object.keys(await (await patient(rpc)).json()).join())
      const http = require('node:http')
      const plain = (name) => new Promise((resolve) => {
        const sent = http.request('http://' + name + ':26657/', { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode))
        sent.on('error', ({ code }) => resolve(code))
        sent.end(body)
      })
      for (const name of ['net-0', 'net-9.default.svc']) console.log(await plain(name))
      process.exit()
    })()`
    await create('speaks', { name: 'main', image: 'test/node', args: [script, ...names] })
    expect((await outcome('speaks')).log.split('\n')).toEqual([
      '200',
      '200',
      '200',
      'refused',
      'jsonrpc,id,result',
      '200',
      'ECONNRESET',
      '',
    ])
  })
})

describe('which pods', () => {
  test('behavior: one without the label runs where its image is in the user’s map', async () => {
    await create('mapped', { name: 'main', image: 'test/node:2', args: ['console.log("ran")'] }, {}, {})
    expect(await outcome('mapped')).toMatchObject({ exitCode: 0, log: 'ran\n' })
  })

  test('behavior: any other stays inert, whatever its command', async () => {
    await create('inert', shell('exit 1'), {}, {})
    await pod('inert', isRunning)
    expect(await cluster.kube.logs({ namespace, name: 'inert' })).toBe('')
  })
})
