import { operatorAccount, powerReduction } from '../app/tally.ts'
import { accountHex, bech32Address } from '../encoding.ts'
import type { Coin } from '../messages.ts'
import type { GenesisValidator } from '../types.ts'
import { RestError } from './errors.ts'
import type { RestRequest, RestRoute } from './route.ts'

const bank = '/cosmos/bank/v1beta1'
const staking = '/cosmos/staking/v1beta1'
const evm = '/sei-protocol/seichain/evm'

export const accountRoutes: readonly RestRoute[] = [
  { method: 'GET', path: `${bank}/balances/{address}`, run: balances },
  { method: 'GET', path: `${bank}/spendable_balances/{address}`, run: balances },
  {
    method: 'GET',
    path: `${bank}/balances/{address}/by_denom`,
    run: async ({ node, parts: [address], query }) => {
      const denom = query.get('denom') ?? ''
      if (denom === '') throw new RestError(3, 'invalid denom')
      return { balance: pick(await node.session.query('balances', accountOf(address)), denom) }
    },
  },
  {
    method: 'GET',
    path: `${bank}/supply`,
    run: async ({ node }) => {
      const supply = await node.session.query('supply')
      return { supply, pagination: pageOf(supply.length) }
    },
  },
  {
    method: 'GET',
    path: `${bank}/supply/{denom}`,
    run: async ({ node, parts: [denom = ''] }) => ({
      amount: pick(await node.session.query('supply'), denom),
    }),
  },
  {
    method: 'GET',
    path: '/bank/balances/{address}',
    run: async ({ node, parts: [address] }) => ({
      height: String(node.view.height),
      result: await node.session.query('balances', accountOf(address)),
    }),
  },
  { method: 'GET', path: '/cosmos/auth/v1beta1/accounts/{address}', run: account },
  {
    method: 'GET',
    path: `${staking}/validators`,
    run: async ({ node }) => {
      const { members } = await node.session.query('validators', node.view.height)
      return { validators: members.map(stakingValidator), pagination: pageOf(members.length) }
    },
  },
  {
    method: 'GET',
    path: `${staking}/validators/{address}`,
    run: async ({ node, parts: [address] }) => {
      const { members } = await node.session.query('validators', node.view.height)
      const found = members.find((validator) => operatorAddress(validator) === address)
      if (found === undefined) throw new RestError(5, `validator ${address} not found`)
      return { validator: stakingValidator(found) }
    },
  },
  {
    method: 'GET',
    path: `${evm}/sei_address`,
    run: async ({ node, query }) => {
      const address = (query.get('evm_address') ?? '').replace(/^0x/i, '').toLowerCase()
      if (!/^[0-9a-f]{40}$/.test(address)) throw new RestError(3, 'invalid evm address')
      const { sei } = await node.session.query('association', address)
      return {
        sei_address: sei === undefined ? '' : bech32Address('sei', sei),
        associated: sei !== undefined,
      }
    },
  },
  {
    method: 'GET',
    path: `${evm}/evm_address`,
    run: async ({ node, query }) => {
      const found = await node.session.query('association', accountOf(query.get('sei_address') ?? ''))
      return {
        evm_address: found.evm === undefined ? '' : `0x${found.evm}`,
        associated: found.evm !== undefined,
      }
    },
  },
]

async function balances({ node, parts: [address] }: RestRequest): Promise<unknown> {
  const held = await node.session.query('balances', accountOf(address))
  return { balances: held, pagination: pageOf(held.length) }
}

async function account({ node, parts: [address = ''] }: RestRequest): Promise<unknown> {
  const { number, pubKey, sequence } = await node.session.query('account', accountOf(address))
  if (number === undefined) throw new RestError(5, `account ${address} not found`)
  return {
    account: {
      '@type': '/cosmos.auth.v1beta1.BaseAccount',
      address,
      pub_key: pubKey === undefined ? null : { '@type': '/cosmos.crypto.secp256k1.PubKey', key: pubKey },
      account_number: String(number),
      sequence: String(sequence),
    },
  }
}

function accountOf(address: string | undefined): string {
  const account = accountHex(address ?? '')
  if (account === undefined)
    throw new RestError(3, `invalid address: decoding bech32 failed: ${JSON.stringify(address ?? '')}`)
  return account
}

function pick(coins: readonly Coin[], denom: string): Coin {
  return coins.find((coin) => coin.denom === denom) ?? { denom, amount: '0' }
}

function pageOf(total: number): { next_key: null; total: string } {
  return { next_key: null, total: String(total) }
}

function operatorAddress(validator: GenesisValidator): string {
  return bech32Address('seivaloper', operatorAccount(validator))
}

function stakingValidator(validator: GenesisValidator): unknown {
  const tokens = String(BigInt(validator.power) * powerReduction)
  return {
    operator_address: operatorAddress(validator),
    consensus_pubkey: { '@type': '/cosmos.crypto.ed25519.PubKey', key: validator.pubKey },
    jailed: false,
    status: 'BOND_STATUS_BONDED',
    tokens,
    delegator_shares: `${tokens}.000000000000000000`,
    description: {
      moniker: validator.moniker,
      identity: '',
      website: '',
      security_contact: '',
      details: '',
    },
    unbonding_height: '0',
    unbonding_time: '1970-01-01T00:00:00Z',
    commission: {
      commission_rates: {
        rate: '0.100000000000000000',
        max_rate: '0.200000000000000000',
        max_change_rate: '0.010000000000000000',
      },
      update_time: '1970-01-01T00:00:00Z',
    },
    min_self_delegation: '1',
  }
}
