import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startStepWorld, type StepWorld } from '../../../test/helpers/step-world.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { configMaps, pods, secrets, seiNetworks, seiNodes, seiNodeTasks } from '../../contract/kinds.ts'
import type { KubeObject, Pod } from '../../contract/objects.ts'
import { usageError } from '../../errors/sei-error.ts'
import { taskFailure } from './exit-reason.ts'
import { runGate } from './gate.ts'
import { accountOf } from './hd-key.ts'
import { runKeygen } from './keygen.ts'
import { runProvisionNode, type ProvisionNodeOptions } from './provision-node.ts'
import { runProvisionSnd, type ProvisionSndOptions } from './provision-snd.ts'
import { runRunner, type RunnerOptions } from './runner.ts'
import { refuseStep, runStep } from './step.ts'

let world: StepWorld
let folder: string
beforeAll(async () => {
  world = await startStepWorld()
  folder = await mkdtemp(join(tmpdir(), 'sei-steps-'))
  await writeFile(join(folder, 'small.tmpl'), small)
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true })
})

/** One validator is enough to fail. */
const small = `kind: SeiNetwork
spec:
  image: {{ or (index . "IMAGE") "sei/seid:dev--unschedulable" }}
  replicas: {{ or (index . "REPLICAS") 1 }}
  configOverrides: { storage.state_commit.write_mode: memiavl_only }
  genesis: { chainId: {{ .CHAIN_ID }} }
`

const hours = 3_600_000
/** Of the cluster's clock, which is two hundred times as fast. */
const ample = 10 * hours

const network: ProvisionSndOptions = {
  role: 'validator',
  name: 'steps',
  template: '/scenarios/load-test/validator.yaml.tmpl',
  vars: { CHAIN_ID: 'steps', IMAGE: 'sei/seid:dev' },
  retain: false,
  readyTimeoutMs: ample,
  firstBlockTimeoutMs: ample,
}

const followers: ProvisionNodeOptions = {
  role: 'rpc',
  name: 'steps-rpc',
  template: '/scenarios/load-test/rpc.yaml.tmpl',
  vars: { CHAIN_ID: 'steps', IMAGE: 'sei/seid:dev' },
  replicas: 2,
  network: 'steps',
  runningTimeoutMs: ample,
  firstBlockTimeoutMs: ample,
}

describe('every step', () => {
  test('error: without its Workflow in the environment it ends as infra, naming what is missing', async () => {
    const { exitCode, reason, error } = await world.run({ SEI_NAMESPACE: '' }, async () => {})
    expect({ exitCode, reason }).toEqual({ exitCode: 2, reason: 'infra-fail' })
    expect(String(error)).toContain('SEI_WORKFLOW_NAME and SEI_NAMESPACE not set')
  })

  test('error: a Workflow that is not there is infra', async () => {
    const env = { SEI_WORKFLOW_NAME: 'nobody', SEI_NAMESPACE: 'default' }
    const { exitCode, error } = await world.run(env, async () => {})
    expect(exitCode).toBe(2)
    expect(String(error)).toContain('Workflow default/nobody is not there')
  })

  test('default: the first failure stays EXIT_REASON, whatever comes after it', async () => {
    const env = await world.workflow('reasons')
    const seen: (string | undefined)[] = []
    for (const error of [undefined, taskFailure('work'), undefined, new Error('foreign')]) {
      const { exitCode } = await world.run(env, async () => {
        if (error !== undefined) throw error
      })
      seen.push(`${exitCode} ${(await world.vars('reasons'))['EXIT_REASON']}`)
    }
    expect(seen).toEqual(['0 pass', '1 task-fail', '0 task-fail', '2 task-fail'])
  })

  test('behavior: wrong arguments and a signal are written down too', async () => {
    const env = await world.workflow('refused')
    const problem = { what: 'it is missing', where: '--role', expected: 'ROLE', fix: 'write it' }
    expect(await refuseStep(world.frame(env), [problem])).toMatchObject({
      exitCode: 2,
      error: usageError([problem]),
    })
    expect(await world.vars('refused')).toMatchObject({ RUN_ID: 'refused', EXIT_REASON: 'infra-fail' })

    const stopped = await world.workflow('stopped')
    const stop = new AbortController()
    const end = runStep(
      world.frame(stopped, stop.signal),
      () => new Promise(() => stop.abort(new Error('SIGTERM'))),
    )
    expect(await end).toMatchObject({ exitCode: 2, error: new Error('SIGTERM') })
    expect(await world.vars('stopped')).toMatchObject({ EXIT_REASON: 'infra-fail' })
  })

  test('behavior: values of steps that write at the same time all stay, and belong to the Workflow', async () => {
    const env = await world.workflow('busy')
    const ends = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        world.run(env, ({ vars }) => vars.set({ [`KEY_${at}`]: `${at}` })),
      ),
    )
    expect(ends.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 12 }, () => 0))
    expect(Object.keys(await world.vars('busy'))).toHaveLength(12 + 2)
    const { metadata } = await world.cluster.kube.get<KubeObject>(configMaps, {
      namespace: 'default',
      name: 'workflow-vars-busy',
    })
    expect(metadata).toMatchObject({
      labels: { 'sei.io/scenario': 'test', 'sei.io/workflow-run': 'busy' },
      ownerReferences: [{ kind: 'Workflow', name: 'busy', controller: false, blockOwnerDeletion: false }],
    })
  })
})

describe('keygen', () => {
  const read = async (name: string): Promise<Record<string, string>> => {
    const secret = await world.cluster.kube.get<KubeObject & { data: Record<string, string> }>(secrets, {
      namespace: 'default',
      name,
    })
    return Object.fromEntries(
      Object.entries(secret.data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    )
  }

  test('default: two at once make one key, which stays, and whose words are said nowhere', async () => {
    const env = await world.workflow('keys')
    const both = await Promise.all(
      [0, 1].map(() => world.run(env, (step) => runKeygen(step, { keyName: 'admin' }))),
    )
    const again = await world.run(env, (step) => runKeygen(step, { keyName: 'admin' }))
    expect([...both, again].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    const { mnemonic = '', address = '' } = await read('admin-keys')
    expect((await accountOf(mnemonic)).address).toBe(address)
    const vars = await world.vars('keys')
    expect(vars).toMatchObject({ ADMIN_ADDRESS: address, ADMIN_SECRET_NAME: 'admin-keys' })
    const told = JSON.stringify([vars, both, again])
    expect(told).toContain(address)
    expect(told).not.toContain(mnemonic.split(' ').slice(0, 3).join(' '))
  })

  test('error: a Secret of that name without an address is not taken for a key', async () => {
    const env = await world.workflow('strange')
    await world.cluster.kube.create(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'admin-strange', namespace: 'default' },
    })
    const { exitCode, error } = await world.run(env, (step) => runKeygen(step, { keyName: 'admin' }))
    expect(exitCode).toBe(2)
    expect(String(error)).toContain('has no address')
  })
})

describe('a chain', () => {
  let env: Record<string, string>
  beforeAll(async () => {
    env = await world.workflow('chain')
    const made = await world.run(env, (step) => runProvisionSnd(step, network))
    expect(made).toMatchObject({ exitCode: 0 })
    expect(await world.run(env, (step) => runProvisionNode(step, followers))).toMatchObject({ exitCode: 0 })
  }, 60_000)

  test('default: network and followers belong to the Workflow, and go with it', async () => {
    const { kube } = world.cluster
    const owner = [{ kind: 'Workflow', name: 'chain', controller: false, blockOwnerDeletion: false }]
    const made = await kube.get<SeiNetwork>(seiNetworks, { namespace: 'default', name: 'steps' })
    expect(made).toMatchObject({
      metadata: { ownerReferences: owner },
      spec: { replicas: 4, deletionPolicy: 'Delete' },
    })
    const node = await kube.get<SeiNode>(seiNodes, { namespace: 'default', name: 'steps-rpc-1' })
    expect(node).toMatchObject({
      metadata: { ownerReferences: owner, labels: { 'sei.io/role': 'node', 'sei.io/seinetwork': 'steps' } },
      spec: { peers: [{ label: { selector: { 'sei.io/seinetwork': 'steps' }, namespace: 'default' } }] },
    })
  })

  test('behavior: endpoints are published as the objects publish them, by role', async () => {
    const vars = await world.vars('chain')
    expect(vars).toMatchObject({
      CHAIN_ID: 'steps',
      EXIT_REASON: 'pass',
      VALIDATOR_TM_RPC: 'http://steps-internal.default.svc:26657',
      RPC_TM_RPC: 'http://steps-rpc-0.default.svc:26657',
      RPC_EVM_RPC: 'http://steps-rpc-0.default.svc:8545',
      RPC_EVM_RPC_LIST: 'http://steps-rpc-0.default.svc:8545,http://steps-rpc-1.default.svc:8545',
    })
    expect(vars['VALIDATOR_EVM_RPC_LIST']?.split(',')).toHaveLength(4)
  })

  test('default: what the gates of every node saw is left for the report, and is no value of the steps', async () => {
    const { gates, heights, omitted } = await world.gates('chain')
    const nodes = ['steps-0', 'steps-1', 'steps-2', 'steps-3', 'steps-rpc-0', 'steps-rpc-1']
    expect(omitted).toBe(0)
    expect(heights.map(({ node }) => node)).toEqual(nodes)
    expect(heights.every(({ before }) => Number(before) > 1)).toBe(true)
    expect(heights.map(({ role }) => role)).toEqual([...Array(4).fill('validator'), ...Array(2).fill('node')])
    const consensus = ['phase', 'rpc', 'height', 'advancing']
    // A validator's other listeners are off unless its template says so.
    const gatesOf = (node: string): string[] =>
      node.includes('rpc') ? [...consensus, 'evm', 'rest'] : consensus
    expect(gates.map(({ node, gate }) => `${node} ${gate}`)).toEqual(
      nodes.flatMap((node) => gatesOf(node).map((gate) => `${node} ${gate}`)),
    )
    expect(gates.every(({ passed, observed, tookMs = -1 }) => passed && observed !== '' && tookMs >= 0)).toBe(
      true,
    )
    const limits = gates.filter(({ node }) => node === 'steps-0').map(({ limitMs }) => limitMs)
    expect(limits).toEqual(consensus.map(() => ample / 200))
    expect(JSON.stringify(await world.vars('chain'))).not.toContain('advancing')
  })

  test('behavior: a step that runs again uses what is there, and says where it differs', async () => {
    const vars = { ...network.vars, IMAGE: 'sei/seid:other' }
    const { exitCode, lines } = await world.run(env, (step) => runProvisionSnd(step, { ...network, vars }))
    expect(exitCode).toBe(0)
    expect(lines).toContain(
      'warning: SeiNetwork steps: spec.image is "sei/seid:dev", rendered was "sei/seid:other"; it stays as it is in the cluster',
    )
    const other = await world.workflow('other')
    const foreign = await world.run(other, (step) => runProvisionSnd(step, network))
    expect(foreign.lines).toContainEqual(expect.stringContaining('it does not belong to this Workflow'))
  })

  const task: RunnerOptions = {
    template: '/templates/await-condition.yaml.tmpl',
    vars: { TARGET_HEIGHT: '3' },
    fanOut: 'all-must-succeed',
    outputs: [],
    outputEnvFile: '/workflow/vars/env.sh',
    envFile: '/workflow/vars/env.sh',
    timeoutMs: ample,
  }

  test('default: runner ends with its task, and takes from it what was asked for', async () => {
    const path = join(folder, 'env.sh')
    await writeFile(path, 'NODE=steps-0\nTARGET_HEIGHT=999999\n')
    const options = {
      ...task,
      envFile: path,
      outputEnvFile: path,
      outputs: ['.status.phase=PHASE', '.status.nothing=N'],
    }
    const { exitCode, lines } = await world.run(env, (step) => runRunner(step, options))
    expect(exitCode).toBe(0)
    expect(lines).toContainEqual(
      expect.stringMatching(/^warning: await-condition-steps-0-\w+ has nothing for N$/),
    )
    const { items } = await world.cluster.kube.list(seiNodeTasks, { namespace: 'default' })
    expect(items.find(({ metadata }) => metadata.name.startsWith('await-condition-steps-0-'))).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Workflow', name: 'chain' }] },
      spec: { awaitCondition: { height: { targetHeight: 3 } } },
    })
  })

  test('behavior: a selector gives one task for each node; equal input meets the same tasks', async () => {
    const options = { ...task, perNodeSelector: 'sei.io/seinetwork=steps', fanOut: { quorum: 5 } }
    const first = await world.run(env, (step) => runRunner(step, options))
    const again = await world.run(env, (step) => runRunner(step, options))
    expect([first.exitCode, again.exitCode]).toEqual([0, 0])
    const applied = first.lines.filter((line) => line.startsWith('applied'))
    expect(applied).toHaveLength(6)
    expect(again.lines).toEqual(expect.arrayContaining(applied))
  })

  test.for<[string, Partial<RunnerOptions>, number, string]>([
    [
      'a task that fails is the work’s failure, with the controller’s reason',
      {
        template: '/templates/gov-vote.yaml.tmpl',
        vars: {
          NODE: 'nobody-0',
          CHAIN_ID: 'other',
          PROPOSAL_ID: '1',
          OPTION: 'yes',
          FEES: '1usei',
          GAS: '1',
          TIMEOUT_SECONDS: '60',
        },
      },
      1,
      'is Failed: ',
    ],
    [
      'a time limit is infra',
      { vars: { NODE: 'steps-0', TARGET_HEIGHT: '99999999' }, timeoutMs: 20_000 },
      2,
      'SeiNodeTask await-condition-steps-0-',
    ],
    [
      'no node with the labels',
      { perNodeSelector: 'a=b' },
      2,
      'no SeiNode of namespace default has the labels a=b',
    ],
    [
      'a quorum of more than there are',
      { perNodeSelector: 'sei.io/seinetwork=steps', fanOut: { quorum: 9 } },
      2,
      'at most quorum:6',
    ],
    [
      'both ways to name nodes',
      { perNodeSelector: 'a=b', vars: { NODE: 'x' } },
      2,
      '--per-node-selector and --var NODE',
    ],
    [
      'a template that is not there',
      { template: '/templates/none.tmpl' },
      1,
      'template /templates/none.tmpl cannot be read',
    ],
    [
      'a payload that is not the kind’s',
      { vars: { NODE: 'steps-0', TARGET_HEIGHT: '0' } },
      1,
      'await-condition.yaml.tmpl: spec.awaitCondition.height.targetHeight: 0 is out of range',
    ],
    [
      'a variable that is missing',
      { vars: { NODE: 'steps-0' } },
      1,
      'await-condition.yaml.tmpl:10:32: TARGET_HEIGHT has no value',
    ],
  ])('error: runner: %s', async ([, change, exitCode, message]) => {
    const end = await world.run(await world.workflow(`r${Math.random().toString(36).slice(2)}`), (step) =>
      runRunner(step, { ...task, ...change }),
    )
    expect(String(end.error)).toContain(message)
    expect(end.exitCode).toBe(exitCode)
  })
})

describe('gate', () => {
  const task = (name: string, script: string): WorkflowTemplate => ({
    name,
    templateType: 'Task',
    task: { container: { name: 'main', image: 'busybox', command: ['sh', '-c', script] } },
  })
  let env: Record<string, string>
  beforeAll(async () => {
    const templates = [
      task('good', 'exit 0'),
      task('bad', 'exit 1'),
      task('worse', 'exit 3'),
      task('open', 'sleep 60'),
    ]
    env = await world.workflow('gated', [
      { name: 'all', templateType: 'Parallel', children: templates.map(({ name }) => name) },
      ...templates,
    ])
    const watch = world.cluster.kube.watch<Pod>(pods, { labelSelector: 'chaos-mesh.org/workflow=gated' })
    const ended = (items: readonly Pod[]): boolean =>
      items.filter(({ status }) => ['Succeeded', 'Failed'].includes(status?.phase ?? '')).length === 3
    await watch.waitFor((items) => (ended(items) ? true : undefined))
    watch.close()
  })

  test.for<[string[], number, string]>([
    [['good'], 0, 'passed: good'],
    [['good', 'bad'], 1, 'bad: exit code 1'],
    [['worse'], 2, 'worse: exit code 3'],
    [['good', 'other'], 2, 'other: it was never started'],
    [['open', 'worse'], 2, 'worse: exit code 3'],
    [['open'], 2, 'not ended in time: open: pod '],
  ])('behavior: of %j it ends with %i', async ([steps, exitCode, message]) => {
    const { lines, error, ...end } = await world.run(env, (step) =>
      runGate(step, { steps, checks: [], timeoutMs: 1_000 }),
    )
    expect([...lines, String(error)].join()).toContain(message)
    expect(end.exitCode).toBe(exitCode)
  })
})

describe('as a process', () => {
  const main = join(import.meta.dirname, '../../cli/main.ts')
  const start = (env: Record<string, string>, ...args: string[]) =>
    execa(process.execPath, [main, ...args], {
      reject: false,
      env: { ...env, KUBECONFIG: world.cluster.kubeconfigPath, KEY_NAME: 'from-env' },
    })

  test('default: options come from the environment too; the exit code says how it ended', async () => {
    const env = await world.workflow('process')
    expect(await start(env, 'keygen')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await world.vars('process')).toMatchObject({
      ADMIN_SECRET_NAME: 'from-env-process',
      EXIT_REASON: 'pass',
    })
    const { exitCode, stdout } = await start(env, 'runner', '--json', '--template=/templates/none.tmpl')
    expect(exitCode).toBe(1)
    const events = String(stdout)
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(events).toMatchObject([
      { event: 'error', class: 'failed' },
      { event: 'step', step: 'runner', reason: 'task-fail', exitCode: 1 },
    ])
  })

  test('error: wrong arguments end a step with 2, and are written down', async () => {
    const env = await world.workflow('wrong')
    const { exitCode, stderr } = await start(
      env,
      'provision-snd',
      '--role=validator',
      '--template=x',
      '--var=A=$(B)',
    )
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('$(B) has no value'),
    })
    expect(await world.vars('wrong')).toMatchObject({ EXIT_REASON: 'infra-fail' })
  })

  test('error: SIGTERM ends a step with 2, after it has said so', async () => {
    const env = await world.workflow('told')
    const step = start(env, 'gate', '--step=wait')
    const waiting = start(
      env,
      'provision-snd',
      '--role=v',
      '--name=told',
      `--template=${folder}/small.tmpl`,
      '--var=CHAIN_ID=told',
      '--ready-timeout=24h',
    )
    expect(await step).toMatchObject({ exitCode: 2 })
    const networks = world.cluster.kube.watch(seiNetworks, { namespace: 'default' })
    await networks.waitFor((items) => items.find(({ metadata }) => metadata.name === 'told'))
    networks.close()
    waiting.kill('SIGTERM')
    const { exitCode, stderr } = await waiting
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'seitask provision-snd: stopped by SIGTERM' })
  })
})

describe('provisioning that fails', () => {
  const template = (): string => join(folder, 'small.tmpl')

  test.for<[string, Partial<ProvisionSndOptions>, number, string]>([
    [
      'a network whose ceremony fails',
      { vars: { CHAIN_ID: 'c1', IMAGE: 'sei/seid:dev--ceremony-fails' } },
      1,
      'plan task',
    ],
    [
      'an image that cannot be pulled',
      { vars: { CHAIN_ID: 'c2', IMAGE: 'sei/seid:dev--never-pulls' } },
      2,
      'cannot pull image',
    ],
    [
      'a time limit',
      { vars: { CHAIN_ID: 'c3', IMAGE: 'sei/seid:dev' }, readyTimeoutMs: 20_000 },
      2,
      'not ready in time',
    ],
    [
      'nodes that never catch up',
      { vars: { CHAIN_ID: 'c4', IMAGE: 'sei/seid:dev--never-caught-up' }, firstBlockTimeoutMs: 60_000 },
      2,
      'catching up',
    ],
    ['a variable that is missing', { vars: { CHAIN: 'c5' } }, 1, 'small.tmpl:6:26: CHAIN_ID has no value'],
    [
      'a chain of the public',
      { vars: { CHAIN_ID: 'pacific-1' } },
      1,
      'small.tmpl: spec.genesis.chainId: pacific-1 is the chain id of a public network',
    ],
    [
      'validators that never start',
      { vars: { CHAIN_ID: 'c6', REPLICAS: '2' } },
      1,
      'small.tmpl: spec.replicas: two validators never start',
    ],
  ])('error: provision-snd: %s', async ([, change, exitCode, message]) => {
    const name = change.vars?.['CHAIN_ID'] ?? 'c5'
    const env = await world.workflow(`wf-${name}`)
    const end = await world.run(env, (step) =>
      runProvisionSnd(step, { ...network, template: template(), ...change, name }),
    )
    expect(String(end.error)).toContain(message)
    expect(end.exitCode).toBe(exitCode)
    expect((await world.vars(`wf-${name}`))['EXIT_REASON']).toBe(end.reason)
    expect(await world.vars(`wf-${name}`)).not.toHaveProperty('VALIDATOR_TM_RPC')
  })

  test.for<[string, string, string]>([
    ['c1', 'phase', 'phase Running'],
    ['c4', 'height', 'above 1, not catching up'],
  ])('behavior: %s leaves the gate at which it stood', async ([name, gate, threshold]) => {
    const { gates, heights } = await world.gates(`wf-${name}`)
    expect(heights).toEqual([])
    expect(gates.at(-1)).toMatchObject({ node: `${name}-0`, gate, passed: false, threshold })
    expect(gates.slice(0, -1).every(({ passed }) => passed)).toBe(true)
  })

  test('error: provision-node: a variable of its own, a name that gets no pod', async () => {
    const env = await world.workflow('nodes')
    const own = { ...followers, vars: { ...followers.vars, NODE_NAME: 'x' } }
    expect(String((await world.run(env, (step) => runProvisionNode(step, own))).error)).toContain(
      'NODE_NAME is set',
    )
    const long = { ...followers, name: 'n'.repeat(60) }
    expect(String((await world.run(env, (step) => runProvisionNode(step, long))).error)).toContain(
      'at most 52',
    )
  })
})
