import { object } from './check-structures.ts'
import { oneOf, refuse } from './checks.ts'
import { defaults } from './defaults.ts'
import { accounts, annotations, config, genesis, image, labels, namespace, networkName } from './fields.ts'
import { nodeName, rpcServers, validators } from './fields.ts'
import { maxNodeNameLength, validatorName } from './names.ts'
import type { Checked } from './problem.ts'
import type { NetworkSpec, NodeSpec } from './spec.ts'

const networkSpec = object<NetworkSpec>(
  {
    name: networkName,
    namespace,
    image,
    validators,
    accounts,
    genesis,
    config,
    labels,
    annotations,
    deletionPolicy: oneOf(['Delete', 'Retain']),
    sidecarImage: image,
  },
  { required: ['name'] },
)

const nodeSpec = object<NodeSpec>(
  {
    name: nodeName,
    network: networkName,
    namespace,
    networkNamespace: namespace,
    image,
    config,
    labels,
    annotations,
    stateSync: object<NonNullable<NodeSpec['stateSync']>>({ rpcServers }, { required: ['rpcServers'] }),
  },
  { required: ['name', 'network'] },
)

/** Everything about a network that can be judged before anything is sent, its validators' names included. */
export function checkNetworkSpec(spec: unknown): Checked<NetworkSpec> {
  const checked = networkSpec(spec, 'network spec')
  if (!checked.ok) return checked
  const { name, validators: count = defaults.validators } = checked.value
  const last = validatorName(name, count - 1)
  if (last.length <= maxNodeNameLength) return checked
  return refuse({
    what: `the name ${JSON.stringify(name)} makes the validator name ${last}, which has ${last.length} characters`,
    where: 'network spec.name',
    expected: `validator names of at most ${maxNodeNameLength} characters: longer ones get no pod`,
    fix: `shorten the name by ${last.length - maxNodeNameLength}`,
  })
}

/** Everything about a follower that can be judged before anything is sent. */
export function checkNodeSpec(spec: unknown): Checked<NodeSpec> {
  return nodeSpec(spec, 'node spec')
}
