import { accountHex } from './encoding.ts'
import type { Coin, EvmTx, GenesisAccount, TxResult } from './types.ts'

/** 1 usei in wei. */
export const weiPerUsei = 1_000_000_000_000n
/** The fee floor of a default genesis, and what the base fee stays at: simulated blocks are never congested. */
export const baseFeeWei = 1_000_000_000n

/** Balances, nonces and address associations of one chain. Addresses are 40 lower-case hex digits. */
export interface Ledger {
  evmAccount(address: string): { wei: bigint; nonce: number }
  balances(account: string): readonly Coin[]
  supply(): readonly Coin[]
  evmOf(account: string): string | undefined
  accountOf(evmAddress: string): string | undefined
  /** Why CheckTx refuses a transfer; `undefined` accepts. A nonce ahead of the state is accepted and waits. */
  refusal(tx: EvmTx): string | undefined
  /** Executes a transfer whose nonce is due. */
  apply(tx: EvmTx): TxResult
}

export function createLedger(accounts: readonly GenesisAccount[]): Ledger {
  const wei = new Map<string, bigint>()
  const coins = new Map<string, Map<string, bigint>>()
  const nonces = new Map<string, number>()
  const accountByEvm = new Map<string, string>()
  const evmByAccount = new Map<string, string>()

  const weiOf = (account: string): bigint => wei.get(account) ?? 0n
  const add = (account: string, amount: bigint): void => {
    wei.set(account, weiOf(account) + amount)
  }
  /** Balance of an address that no account is tied to lives under the account of the same 20 bytes. */
  const holder = (evmAddress: string): string => accountByEvm.get(evmAddress) ?? evmAddress

  function associate(evmAddress: string, account: string): void {
    if (accountByEvm.has(evmAddress)) return
    accountByEvm.set(evmAddress, account)
    evmByAccount.set(account, evmAddress)
    if (evmAddress === account) return
    add(account, weiOf(evmAddress))
    wei.delete(evmAddress)
  }

  function fund({ address, balance, evmAddress }: GenesisAccount): void {
    const account = accountHex(address)
    if (account === undefined) return
    for (const { denom, amount } of parseCoins(balance)) {
      if (denom === 'usei') add(account, amount * weiPerUsei)
      else {
        const held = coins.get(account) ?? new Map<string, bigint>()
        coins.set(account, held.set(denom, (held.get(denom) ?? 0n) + amount))
      }
    }
    if (evmAddress !== undefined) associate(evmAddress.toLowerCase().replace(/^0x/, ''), account)
  }

  function refusal(tx: EvmTx): string | undefined {
    const next = nonces.get(tx.from) ?? 0
    if (tx.nonce < next) return `nonce too low: address 0x${tx.from}, tx: ${tx.nonce} state: ${next}`
    if (tx.tipCap > tx.feeCap)
      return `max priority fee per gas higher than max fee per gas: address 0x${tx.from}, maxPriorityFeePerGas: ${tx.tipCap}, maxFeePerGas: ${tx.feeCap}`
    if (tx.feeCap < baseFeeWei)
      return `max fee per gas less than block base fee: address 0x${tx.from}, maxFeePerGas: ${tx.feeCap}, baseFee: ${baseFeeWei}`
    const needed = intrinsicGas(tx.data)
    if (tx.gas < needed) return `intrinsic gas too low: have ${tx.gas}, want ${needed}`
    return funds(tx)
  }

  function funds(tx: EvmTx): string | undefined {
    const have = weiOf(holder(tx.from)) + (accountByEvm.has(tx.from) ? 0n : weiOf(tx.fromAccount))
    const want = tx.value + tx.gas * tx.feeCap
    return have >= want
      ? undefined
      : `insufficient funds for gas * price + value: address 0x${tx.from} have ${have} want ${want}`
  }

  function apply(tx: EvmTx): TxResult {
    const gasUsed = intrinsicGas(tx.data)
    const gas = { gasWanted: Number(tx.gas), gasUsed: Number(gasUsed) }
    const short = funds(tx)
    if (short !== undefined) return { code: 5, log: short, codespace: 'sdk', ...gas }
    associate(tx.from, tx.fromAccount)
    nonces.set(tx.from, tx.nonce + 1)
    add(holder(tx.from), -(tx.value + gasUsed * effectiveGasPrice(tx)))
    add(holder(tx.to), tx.value)
    return { code: 0, log: '', codespace: '', ...gas }
  }

  for (const account of accounts) fund(account)
  return {
    evmAccount: (address) => ({ wei: weiOf(holder(address)), nonce: nonces.get(address) ?? 0 }),
    balances: (account) => asCoins([...(coins.get(account) ?? []), ['usei', weiOf(account) / weiPerUsei]]),
    supply: () => {
      const total = new Map<string, bigint>()
      for (const held of coins.values())
        for (const [denom, amount] of held) total.set(denom, (total.get(denom) ?? 0n) + amount)
      const usei = [...wei.values()].reduce((sum, amount) => sum + amount, 0n) / weiPerUsei
      return asCoins([...total, ['usei', usei]])
    },
    evmOf: (account) => evmByAccount.get(account),
    accountOf: (evmAddress) => accountByEvm.get(evmAddress),
    refusal,
    apply,
  }
}

/** Gas of a call without code: 21000, 16 a non-zero byte of data and 4 a zero one. `data` is 0x-prefixed. */
export function intrinsicGas(data: string): bigint {
  let gas = 21_000
  for (let i = 2; i < data.length; i += 2) gas += data.startsWith('00', i) ? 4 : 16
  return BigInt(gas)
}

export function effectiveGasPrice(tx: EvmTx): bigint {
  if (tx.type !== 2) return tx.feeCap
  const wanted = baseFeeWei + tx.tipCap
  return wanted < tx.feeCap ? wanted : tx.feeCap
}

function parseCoins(text: string): { denom: string; amount: bigint }[] {
  return text
    .split(',')
    .map((part) => /^\s*(\d+)\s*([a-zA-Z][\w/:.-]*)\s*$/.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({ amount: BigInt(match[1] ?? '0'), denom: match[2] ?? '' }))
}

function asCoins(amounts: readonly (readonly [string, bigint])[]): Coin[] {
  return amounts
    .filter(([, amount]) => amount > 0n)
    .map(([denom, amount]) => ({ denom, amount: String(amount) }))
    .sort((a, b) => (a.denom < b.denom ? -1 : 1))
}
