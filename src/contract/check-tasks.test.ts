import { describe, expect, test } from 'vitest'
import { checkFanOut } from './check-fan-out.ts'
import {
  checkNetworkUpgrade,
  checkParamChange,
  checkPlace,
  checkTaskSpec,
  checkUpgradeProposal,
  checkVote,
} from './check-tasks.ts'
import { describeProblem, type Checked } from './problem.ts'
import { quorum, type FanOut } from './tasks.ts'

const target = { nodeRef: { name: 'net-0' } }
const gov = { chainId: 'net', fees: '10000usei', gas: 200_000 }
const proposal = { ...gov, title: 't', description: 'd', initialDeposit: '20000000usei' }
const node = { name: 'net-0', namespace: 'ns' }

function problems(checked: Checked<unknown>): string {
  return checked.ok ? 'accepted' : checked.problems.map(describeProblem).join('\n')
}

describe('task specs', () => {
  test.for([
    { kind: 'RestartSeid', restartSeid: {} },
    { kind: 'MarkReady', markReady: {}, timeoutSeconds: 0 },
    { kind: 'AwaitNodesAtHeight', awaitNodesAtHeight: { targetHeight: 1 } },
    { kind: 'AwaitCondition', awaitCondition: { height: { targetHeight: 9 }, action: 'SIGTERM_SEID' } },
    { kind: 'UpdateNodeImage', updateNodeImage: { image: 'sei/seid:v2' } },
    { kind: 'GovVote', govVote: { ...gov, proposalId: 1, option: 'no-with-veto' } },
    { kind: 'GovSoftwareUpgrade', govSoftwareUpgrade: { ...proposal, upgradeName: 'v2', upgradeHeight: 90 } },
    {
      kind: 'GovParamChange',
      govParamChange: { ...proposal, changes: [{ subspace: 'gov', key: 'votingparams', value: { a: 1 } }] },
    },
    { kind: 'DiscoverPeers', discoverPeers: {} },
    { kind: 'RestartPod', restartPod: { podUID: 'a-b' } },
  ])('default: $kind with its payload is accepted', (spec) => {
    expect(problems(checkTaskSpec({ ...spec, target }))).toBe('accepted')
  })

  test.for<[string, unknown, RegExp]>([
    ['no object', 'RestartSeid', /"RestartSeid" is not an object/],
    ['an unknown kind', { kind: 'RestartSeed', target }, /did you mean "RestartSeid"/],
    ['no kind', { target, restartSeid: {} }, /kind is missing/],
    ['no target', { kind: 'RestartSeid', restartSeid: {} }, /target is missing/],
    ['no node', { kind: 'RestartSeid', restartSeid: {}, target: {} }, /nodeRef is missing/],
    ['a missing payload', { kind: 'GovVote', target }, /no payload is given.*exactly one payload, govVote/],
    [
      'another kind’s payload',
      { kind: 'MarkReady', target, restartSeid: {} },
      /the payload is restartSeid.*markReady/,
    ],
    [
      'two payloads',
      { kind: 'MarkReady', target, restartSeid: {}, markReady: {} },
      /restartSeid and markReady/,
    ],
    ['a payload with a stranger in it', { kind: 'MarkReady', target, markReady: { now: true } }, /"now"/],
    ['a negative limit', { kind: 'MarkReady', target, markReady: {}, timeoutSeconds: -1 }, /0…2147483647/],
    [
      'a height of zero',
      { kind: 'AwaitNodesAtHeight', target, awaitNodesAtHeight: { targetHeight: 0 } },
      /1 or more/,
    ],
    ['no condition', { kind: 'AwaitCondition', target, awaitCondition: {} }, /height is missing/],
    [
      'an unknown action',
      { kind: 'AwaitCondition', target, awaitCondition: { height: { targetHeight: 1 }, action: 'KILL' } },
      /"KILL" is not a known value/,
    ],
    [
      'an empty image',
      { kind: 'UpdateNodeImage', target, updateNodeImage: { image: '' } },
      /the string is empty/,
    ],
    ['no UID', { kind: 'RestartPod', target, restartPod: {} }, /podUID is missing/],
    ['an empty UID', { kind: 'RestartPod', target, restartPod: { podUID: '' } }, /the string is empty/],
  ])('error: %s is refused in one sentence', ([, spec, message]) => {
    expect(problems(checkTaskSpec(spec))).toMatch(message)
  })
})

describe('governance', () => {
  const upgrade = { upgradeName: 'v2', upgradeHeight: 90 }

  test('default: what is left out is no problem', () => {
    expect(problems(checkUpgradeProposal(upgrade, 'p'))).toBe('accepted')
    expect(problems(checkNetworkUpgrade({ upgradeName: 'v2', image: 'sei/seid:v2' }, 'p'))).toBe('accepted')
    expect(problems(checkVote({ proposalId: 1 }, 'p'))).toBe('accepted')
  })

  test.for<[string, () => Checked<unknown>, RegExp]>([
    [
      'a plan without a name',
      () => checkUpgradeProposal({ upgradeHeight: 9 }, 'p'),
      /upgradeName is missing/,
    ],
    [
      'a height in quotes',
      () => checkUpgradeProposal({ ...upgrade, upgradeHeight: '90' }, 'p'),
      /drop the quotes/,
    ],
    [
      'coins of another kind',
      () => checkUpgradeProposal({ ...upgrade, fees: '5uatom' }, 'p'),
      /an amount in usei/,
    ],
    [
      'a deposit of nothing',
      () => checkUpgradeProposal({ ...upgrade, initialDeposit: '0usei' }, 'p'),
      /amount in usei/,
    ],
    ['a key that is none', () => checkVote({ proposalId: 1, keyName: 'my key' }, 'p'), /the name of a key/],
    ['a vote on nothing', () => checkVote({}, 'p'), /proposalId is missing/],
    ['a vote of another word', () => checkVote({ proposalId: 1, option: 'maybe' }, 'p'), /"maybe"/],
    ['no changes', () => checkParamChange({ changes: [] }, 'p'), /the list has 0/],
    [
      'a change without a value',
      () => checkParamChange({ changes: [{ subspace: 'a', key: 'b' }] }, 'p'),
      /value is missing/,
    ],
    [
      'an upgrade without its image',
      () => checkNetworkUpgrade({ upgradeName: 'v2' }, 'p'),
      /image is missing/,
    ],
    ['an unknown option', () => checkVote({ proposalId: 1, fee: '1usei' }, 'p'), /did you mean fees/],
    ['no node', () => checkPlace(undefined, 'restartPod(node)'), /restartPod\(node\): undefined is no node/],
  ])('error: %s is refused in one sentence', ([, check, message]) => {
    expect(problems(check())).toMatch(message)
  })
})

test.for<[string, unknown, FanOut, RegExp]>([
  ['nobody', [], {}, /the list has 0/],
  ['one node twice', [node, node], {}, /ns\/net-0 is there twice/],
  ['a quorum that cannot be', [node], { require: quorum(2) }, /2 is out of range/],
  ['another policy', [node], { onFailure: 'stop' as never }, /"stop" is not a known value/],
  ['another requirement', [node], { require: 'most' as never }, /"most" is not a known value/],
])('error: a fan-out over %s is refused', ([, nodes, options, message]) => {
  expect(problems(checkFanOut(nodes, options))).toMatch(message)
})
