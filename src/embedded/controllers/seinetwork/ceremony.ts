import type { SeiNetwork } from '../../../contract/crds/head/seinetwork.ts'
import type { Plan } from '../../../contract/crds/head/shared.ts'
import { buildPlan } from '../plans/build.ts'
import { isSeiAddress } from './bech32.ts'

/** The one plan a network ever has. Throws when a genesis account is none. */
export function ceremonyPlan(network: SeiNetwork, nodeNames: readonly string[]): Plan {
  const { name: groupName, namespace = '' } = network.metadata
  const { accountBalance = '', accounts = [], overrides } = network.spec.genesis
  for (const { address } of accounts)
    if (!isSeiAddress(address))
      throw new Error(`building plan: genesis account "${address}" is not a sei address`)
  return buildPlan(
    [
      [
        'assemble-and-upload-genesis',
        {
          AccountBalance: accountBalance,
          Accounts: accounts,
          Namespace: namespace,
          Nodes: nodeNames.map((name) => ({ name })),
          Overrides: overrides ?? null,
        },
      ],
      ['collect-and-set-peers', { groupName, namespace, nodeNames: [...nodeNames] }],
      [
        'await-nodes-running',
        { expected: nodeNames.length, groupName, namespace, nodeNames: [...nodeNames] },
      ],
    ],
    {},
  )
}
