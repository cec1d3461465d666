import type { Place } from './kinds.ts'
import { json, list, object } from './check-structures.ts'
import { accept, anyText, integer, isPlainObject, oneOf, refuse, show, text, type Check } from './checks.ts'
import { image, nodeName } from './fields.ts'
import type { Checked } from './problem.ts'
import {
  taskPayloads,
  type NetworkUpgrade,
  type ParamChangeProposal,
  type TaskKind,
  type TaskSpec,
  type UpgradeProposal,
  type Vote,
} from './tasks.ts'

const kinds = Object.keys(taskPayloads) as TaskKind[]
const payloadNames = Object.values(taskPayloads) as string[]

const filled = (noun: string): Check<string> => text({ noun })
const height = integer(1, undefined, ' of blocks')
const podUID = filled('the UID of a pod')
const chainId = filled('a chain id')
const keyName = text({
  noun: 'the name of a key',
  form: 'letters, digits, "_" or "-"',
  pattern: /^[A-Za-z0-9_-]+$/,
  maxLength: 64,
})
const coins = text({
  noun: 'an amount in usei',
  form: 'digits, then usei',
  pattern: /^[1-9]\d*usei$/,
})
const gas = integer(1)
const milliseconds = integer(1, undefined, ' of milliseconds')
const options = ['yes', 'no', 'abstain', 'no_with_veto', 'no-with-veto'] as const
const marker = object<Record<string, never>>({})
const changes = list(
  object<{ subspace: string; key: string; value: unknown }>(
    { subspace: filled('a subspace'), key: filled('a key'), value: json },
    { required: ['subspace', 'key', 'value'] },
  ),
  1,
)

const transaction = { chainId, fees: coins, gas, keyName, memo: anyText }
const required = ['chainId', 'fees', 'gas'] as const
const proposalFields = {
  ...transaction,
  title: filled('a title'),
  description: filled('a description'),
  initialDeposit: coins,
}
const proposalRequired = [...required, 'title', 'description', 'initialDeposit'] as const

/** By payload: what each kind of task needs. */
const payloads: Readonly<Record<string, Check<unknown>>> = {
  govSoftwareUpgrade: object(
    {
      ...proposalFields,
      upgradeName: filled('the name of a plan'),
      upgradeHeight: height,
      upgradeInfo: anyText,
    },
    { required: [...proposalRequired, 'upgradeName', 'upgradeHeight'] },
  ),
  govParamChange: object({ ...proposalFields, changes }, { required: [...proposalRequired, 'changes'] }),
  govVote: object(
    { ...transaction, proposalId: integer(1), option: oneOf(options) },
    { required: [...required, 'proposalId', 'option'] },
  ),
  awaitCondition: object(
    {
      height: object({ targetHeight: height }, { required: ['targetHeight'] }),
      action: oneOf(['SIGTERM_SEID']),
    },
    { required: ['height'] },
  ),
  awaitNodesAtHeight: object({ targetHeight: height }, { required: ['targetHeight'] }),
  updateNodeImage: object({ image }, { required: ['image'] }),
  restartSeid: marker,
  markReady: marker,
  discoverPeers: marker,
  restartPod: object({ podUID }, { required: ['podUID'] }),
}

const target = object(
  {
    nodeRef: object({ name: nodeName }, { required: ['name'] }),
    requirePhase: filled('a phase of SeiNode'),
    requirePhaseTimeout: filled('a duration such as 5m'),
  },
  { required: ['nodeRef'] },
)

const shape = object<Record<string, unknown>>(
  { kind: oneOf(kinds), target, timeoutSeconds: integer(0, 2_147_483_647, ' of seconds'), ...payloads },
  { required: ['kind', 'target'] },
)

/** A whole `spec` of a SeiNodeTask: its kind, and exactly the one payload that belongs to it. */
export function checkTaskSpec(spec: unknown): Checked<TaskSpec> {
  const checked = shape(spec, 'task spec')
  if (!checked.ok) return checked
  const kind = checked.value['kind'] as TaskKind
  const wanted = taskPayloads[kind]
  const given = payloadNames.filter((name) => checked.value[name] !== undefined)
  if (given.length === 1 && given[0] === wanted) return checked as Checked<TaskSpec>
  return refuse({
    what: given.length === 0 ? 'no payload is given' : `the payload is ${given.join(' and ')}`,
    where: 'task spec',
    expected: `exactly one payload, ${wanted}, for kind ${kind}`,
    fix: given.length === 0 ? `add ${wanted}: { … }` : `leave only ${wanted}, or set the kind to match`,
  })
}

/** An operation's own options; its `signal` never gets here: it is taken off before an operation travels. */
type Sent<T> = Omit<T, 'signal'>

const gov = { ...transaction, timeoutMs: milliseconds } as const
const proposal = { ...proposalFields, timeoutMs: milliseconds } as const
const plan = {
  upgradeName: filled('the name of a plan'),
  upgradeHeight: height,
  upgradeInfo: anyText,
} as const

export const checkUpgradeProposal: Check<Sent<UpgradeProposal>> = object<Sent<UpgradeProposal>>(
  { ...proposal, ...plan },
  { required: ['upgradeName', 'upgradeHeight'] },
)

export const checkNetworkUpgrade: Check<Sent<Omit<NetworkUpgrade, 'followers'>>> = object<
  Sent<Omit<NetworkUpgrade, 'followers'>>
>({ ...proposal, ...plan, image }, { required: ['upgradeName', 'image'] })

export const checkParamChange: Check<Sent<ParamChangeProposal>> = object<Sent<ParamChangeProposal>>(
  { ...proposal, changes },
  { required: ['changes'] },
)

export const checkVote: Check<Sent<Vote>> = object<Sent<Vote>>(
  { ...gov, proposalId: integer(1), option: oneOf(options) },
  { required: ['proposalId'] },
)

export const checkHeight: Check<number> = height
export const checkImage: Check<string> = image
export const checkTimeout: Check<number> = milliseconds
export const checkPodUID: Check<string> = podUID

/** A node or network that an operation is aimed at: a handle, or its name and namespace. */
export const checkPlace: Check<Place> = (value, where) => {
  if (isHandle(value)) return accept({ name: value.name, namespace: value.namespace })
  return refuse({
    what: `${show(value)} is no node or network`,
    where,
    expected: 'a handle, or { name, namespace }',
    fix: 'pass network.validators[0], one of followers, or what sei.getNode() gave',
  })
}

function isHandle(value: unknown): value is Place {
  if (!isPlainObject(value)) return false
  return typeof value['name'] === 'string' && value['name'] !== '' && typeof value['namespace'] === 'string'
}
