import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startServer, type TestServer } from '../../../test/helpers/http-server.ts'
import { startStepWorld, type StepWorld } from '../../../test/helpers/step-world.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import { configMaps, seiNetworks } from '../../contract/kinds.ts'
import { networkManifest } from '../../contract/manifests.ts'
import type { ConfigMap } from '../../contract/objects.ts'
import { runProposal } from './proposal.ts'
import { runRenderProfile } from './render-profile.ts'
import { runSetImage } from './set-image.ts'
import { runStep } from './step.ts'
import { runTargetHeight } from './target-height.ts'
import { runWait } from './wait.ts'

const namespace = 'default'
/** Of the cluster's clock. */
const minutes = 60_000

let world: StepWorld
let seid: TestServer
/** What seid answers, by the beginning of the path; the longest that fits. */
const answers = new Map<string, unknown>()

beforeAll(async () => {
  world = await startStepWorld()
  seid = await startServer((request, response) => {
    const path = request.url ?? ''
    const key = [...answers.keys()]
      .filter((one) => path.startsWith(one))
      .toSorted((a, b) => b.length - a.length)[0]
    if (key === undefined) answerJson(response, 503, { code: 14, message: 'not yet' })
    else answerJson(response, 200, answers.get(key))
  })
})
afterAll(async () => {
  await world.close()
  await seid.close()
})

let count = 0
async function step(): Promise<Record<string, string>> {
  count += 1
  return await world.workflow(`scenario-steps-${count}`)
}

function status(height: string): object {
  const sync_info = {
    latest_block_height: height,
    catching_up: false,
    latest_block_time: '2026-06-01T00:00:00Z',
  }
  return { node_info: { network: 'c', id: 'a', moniker: 'm', version: '1' }, sync_info }
}

const heights = { ahead: 200, margin: 10, timeoutMs: 20 * minutes }

test('default: target-height publishes the three heights, also of an enveloped answer, once there is a block', async () => {
  const env = await step()
  answers.set('/status', { jsonrpc: '2.0', id: -1, result: status('0') })
  const later = setTimeout(
    () => answers.set('/status', { jsonrpc: '2.0', id: -1, result: status('31') }),
    100,
  )
  const { reason, lines } = await world.run(env, (one) => runTargetHeight(one, { rpc: seid.url, ...heights }))
  clearTimeout(later)
  expect(reason).toBe('pass')
  expect(lines).toEqual(['height 31, upgrade at 231, done at 241'])
  expect(await world.vars(env['SEI_WORKFLOW_NAME'] ?? '')).toMatchObject({
    TARGET_HEIGHT: '231',
    UPGRADE_HEIGHT: '231',
    POST_UPGRADE_HEIGHT: '241',
    EXIT_REASON: 'pass',
  })
})

test('error: a node that does not answer in time is infra, with the last reason', async () => {
  answers.clear()
  const { reason, exitCode, error } = await world.run(await step(), (one) =>
    runTargetHeight(one, { rpc: seid.url, ...heights, timeoutMs: 1 * minutes }),
  )
  expect([reason, exitCode]).toEqual(['infra-fail', 2])
  expect(String(error)).toMatch(/gave up after 60 s: .*not yet/)
})

const plan = (name: string): object => ({ '@type': 'SoftwareUpgradeProposal', plan: { name } })

test.for([
  ['the older form', { proposal_id: '7', content: plan('v6.7.0') }],
  ['the newer form', { id: '7', messages: [{ content: plan('v6.7.0') }] }],
] as const)('default: proposal finds the one with the plan in %s', async ([, proposal]) => {
  const env = await step()
  answers.clear()
  answers.set('/cosmos/gov/v1beta1/proposals?proposal_status=2', {
    proposals: [{ proposal_id: '6', content: plan('v6.8.0') }, proposal],
  })
  const { reason } = await world.run(env, (one) =>
    runProposal(one, { rest: seid.url, until: 'voting', upgradeName: 'v6.7.0', timeoutMs: minutes }),
  )
  expect(reason).toBe('pass')
  expect(await world.vars(env['SEI_WORKFLOW_NAME'] ?? '')).toMatchObject({ PROPOSAL_ID: '7' })
})

test.for([
  ['PROPOSAL_STATUS_PASSED', 'pass', 0],
  ['PROPOSAL_STATUS_REJECTED', 'task-fail', 1],
  ['PROPOSAL_STATUS_FAILED', 'task-fail', 1],
  ['PROPOSAL_STATUS_VOTING_PERIOD', 'infra-fail', 2],
] as const)('behavior: a proposal that is %s ends as %s', async ([state, reason, exitCode]) => {
  answers.clear()
  answers.set('/cosmos/gov/v1beta1/proposals/7', { proposal: { proposal_id: '7', status: state } })
  const end = await world.run(await step(), (one) =>
    runProposal(one, { rest: seid.url, until: 'passed', id: '7', timeoutMs: minutes }),
  )
  expect([end.reason, end.exitCode]).toEqual([reason, exitCode])
})

test('default: set-image writes the image and leaves the rest; a network that is not there is infra', async () => {
  const { kube } = world.cluster
  await kube.create<SeiNetwork>(seiNetworks, networkManifest({ name: 'imaged', validators: 1 }, namespace))
  const env = await step()
  const image = 'sei/seid:v6.7.0'
  const { reason } = await world.run(env, (one) => runSetImage(one, { network: 'imaged', image }))
  const { spec } = await kube.get<SeiNetwork>(seiNetworks, { namespace, name: 'imaged' })
  expect([reason, spec.image, spec.replicas]).toEqual(['pass', image, 1])
  const missing = await world.run(await step(), (one) => runSetImage(one, { network: 'nobody', image }))
  expect([missing.reason, missing.exitCode]).toEqual(['infra-fail', 2])
  await kube.delete(seiNetworks, { namespace, name: 'imaged' })
})

test('behavior: wait ends with the signal, as infra', async () => {
  const stop = new AbortController()
  const frame = world.frame(await step(), stop.signal)
  const running = runStep(frame, (one) => runWait(one, { forMs: 1_000 * minutes }))
  setTimeout(() => stop.abort(), 50)
  expect((await running).reason).toBe('infra-fail')
  const { reason } = await world.run(await step(), (one) => runWait(one, { forMs: minutes }))
  expect(reason).toBe('pass')
})

const profile = {
  profile: 'evm',
  name: 'seiload-profile-1',
  chainId: 'c-1',
  endpoints: 'http://a:8545,http://b:8545',
}

test('default: render-profile fills in a profile that goes with its Workflow; what is missing is named', async () => {
  const { kube } = world.cluster
  const render = async (): Promise<string> => {
    const { error } = await world.run(await step(), (one) => runRenderProfile(one, profile))
    return String(error)
  }
  expect(await render()).toContain('ConfigMap default/seiload-profiles is not there')
  const metadata = { name: 'seiload-profiles', namespace }
  const source: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'other.json': '{}' } }
  await kube.create(configMaps, source)
  expect(await render()).toContain('has no evm.json; it has other.json')
  const write = (text: string): Promise<unknown> =>
    kube.patch(configMaps, metadata, { data: { 'evm.json': text } }, { type: 'merge' })
  await write('{ "chain": "__SEI_CHAIN_ID__" "endpoints": [__RPC_ENDPOINTS__] }')
  expect(await render()).toContain('no JSON once its placeholders are filled')
  await write('{ "chain": "__SEI_CHAIN_ID__", "endpoints": [__RPC_ENDPOINTS__] }')
  const env = await step()
  expect((await world.run(env, (one) => runRenderProfile(one, profile))).reason).toBe('pass')
  const made = await kube.get<ConfigMap>(configMaps, { namespace, name: profile.name })
  expect(JSON.parse(made.data?.['profile.json'] ?? '')).toEqual({
    chain: 'c-1',
    endpoints: ['http://a:8545', 'http://b:8545'],
  })
  expect(made.metadata.ownerReferences).toMatchObject([{ kind: 'Workflow', name: env['SEI_WORKFLOW_NAME'] }])
})
