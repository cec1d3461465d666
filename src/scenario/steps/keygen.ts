import { apiVersionOf, secrets } from '../../contract/kinds.ts'
import type { Secret } from '../../contract/objects.ts'
import { stepFieldManagers } from '../../contract/labels.ts'
import { keySecretName } from '../../contract/scenario-names.ts'
import { keySecretKeys, varKeys } from '../../contract/workflow-vars.ts'
import { isAlreadyExists } from '../../kube/errors.ts'
import { infraFailure } from './exit-reason.ts'
import { accountOf, newMnemonic } from './hd-key.ts'
import { ownerReference } from './identity.ts'
import type { StepContext } from './step.ts'

export interface KeygenOptions {
  /** What the Secret is called, before the name of the Workflow. */
  readonly keyName: string
}

/**
 * Makes a key for this run: a Secret with the mnemonic and the address, and its name and address among the values of the
 * Workflow. A key that is there already is used again, never replaced. The mnemonic is printed nowhere.
 */
export async function runKeygen(step: StepContext, { keyName }: KeygenOptions): Promise<void> {
  const { cluster, identity, vars } = step
  const ref = { namespace: identity.namespace, name: keySecretName(keyName, identity.name) }
  const found = await cluster.kube.find<Secret>(secrets, ref)
  const address = found === undefined ? await create(step, ref) : addressOf(found)
  await vars.set({ [varKeys.adminAddress]: address, [varKeys.adminSecretName]: ref.name })
  step.say(`${found === undefined ? 'created' : 'found'} Secret ${ref.name} of ${address}`)
}

/** Resolves to the address of the key that is there in the end: another keygen may have been faster. */
async function create(
  { cluster, identity }: StepContext,
  ref: { namespace: string; name: string },
): Promise<string> {
  const mnemonic = newMnemonic()
  const { address } = await accountOf(mnemonic)
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const secret: Secret = {
    apiVersion: apiVersionOf(secrets),
    kind: secrets.kind,
    metadata: { ...ref, labels: { ...identity.labels }, ownerReferences: [ownerReference(identity)] },
    type: 'Opaque',
    data: { [keySecretKeys.mnemonic]: base64(mnemonic), [keySecretKeys.address]: base64(address) },
  }
  try {
    await cluster.kube.create<Secret>(secrets, secret, { fieldManager: stepFieldManagers.keygen })
    return address
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return addressOf(await cluster.kube.get<Secret>(secrets, ref))
  }
}

function addressOf({ metadata, data }: Secret): string {
  const address = Buffer.from(data?.[keySecretKeys.address] ?? '', 'base64').toString('utf8')
  if (address !== '') return address
  throw infraFailure(
    `Secret ${metadata.name} is there but has no ${keySecretKeys.address}: it is not one of keygen's`,
  )
}
