import { parseCoins } from './coins.ts'
import type { ChainGenesis } from './types.ts'

type Json = Record<string, unknown>

const documents = new WeakMap<ChainGenesis, Json>()

/** The genesis document as `/genesis` shows it: where a node's loader wants a number, this prints a string. */
export function genesisDocument(genesis: ChainGenesis): Json {
  const known = documents.get(genesis)
  if (known !== undefined) return known
  const document = build(genesis)
  for (const [path, value] of Object.entries(genesis.overrides)) override(document, path, value)
  documents.set(genesis, document)
  return document
}

/** Consensus parameters with the genesis overrides applied. */
export function consensusParams(genesis: ChainGenesis): Json {
  return genesisDocument(genesis).consensus_params as Json
}

function build(genesis: ChainGenesis): Json {
  return {
    genesis_time: genesis.genesisTime,
    chain_id: genesis.chainId,
    initial_height: '1',
    consensus_params: {
      block: {
        max_bytes: '22020096',
        max_gas: '100000000',
        min_txs_in_block: '10',
        max_gas_wanted: '50000000',
      },
      evidence: {
        max_age_num_blocks: '100000',
        max_age_duration: '172800000000000',
        max_bytes: '1048576',
      },
      validator: { pub_key_types: ['ed25519'] },
      version: { app_version: '0' },
      synchrony: { precision: '505000000', message_delay: '12000000000' },
      timeout: {
        propose: '1000000000',
        propose_delta: '500000000',
        vote: '50000000',
        vote_delta: '500000000',
        commit: '50000000',
        bypass_commit_timeout: false,
      },
      abci: { vote_extensions_enable_height: '0', recheck_tx: false },
    },
    validators: genesis.validators.map((validator) => ({
      address: validator.address,
      pub_key: { type: 'tendermint/PubKeyEd25519', value: validator.pubKey },
      power: String(validator.power),
      name: '',
    })),
    app_hash: '',
    app_state: appState(genesis),
  }
}

function appState(genesis: ChainGenesis): Json {
  return {
    auth: {
      accounts: genesis.accounts.map(({ address }) => ({
        '@type': '/cosmos.auth.v1beta1.BaseAccount',
        address,
        pub_key: null,
        account_number: '0',
        sequence: '0',
      })),
    },
    bank: {
      params: { send_enabled: [], default_send_enabled: true },
      balances: genesis.accounts.map(({ address, balance }) => ({ address, coins: coins(balance) })),
      supply: [],
      denom_metadata: [],
      wei_balances: [],
    },
    evm: {
      address_associations: genesis.accounts
        .filter(({ evmAddress }) => evmAddress !== undefined)
        .map(({ address, evmAddress }) => ({ sei_address: address, eth_address: evmAddress })),
    },
    gov: {
      deposit_params: {
        min_deposit: [{ denom: 'usei', amount: '10000000' }],
        max_deposit_period: '172800s',
        min_expedited_deposit: [{ denom: 'usei', amount: '20000000' }],
      },
      voting_params: { voting_period: '172800s', expedited_voting_period: '86400s' },
      tally_params: {
        quorum: '0.334000000000000000',
        threshold: '0.500000000000000000',
        veto_threshold: '0.334000000000000000',
        expedited_quorum: '0.667000000000000000',
        expedited_threshold: '0.667000000000000000',
      },
    },
    staking: { params: { bond_denom: 'usei', max_validators: 35, unbonding_time: '1814400s' } },
  }
}

function coins(balance: string): { denom: string; amount: string }[] {
  return parseCoins(balance).map(({ denom, amount }) => ({ denom, amount: String(amount) }))
}

/** Dotted paths start in `app_state`, but for those that name a section of the document itself. */
function override(document: Json, path: string, value: unknown): void {
  const keys = path.split('.')
  const inDocument = keys[0] !== undefined && keys[0] !== 'app_state' && keys[0] in document
  let at: Json = inDocument ? document : (document.app_state as Json)
  if (keys[0] === 'app_state') keys.shift()
  const last = keys.pop()
  if (last === undefined) return
  for (const key of keys) {
    const next = at[key]
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) at = next as Json
    else {
      const made: Json = {}
      at[key] = made
      at = made
    }
  }
  at[last] = value
}
