import { asCoins, parseCoins, printCoins } from './coins.ts'
import { accountHex } from './encoding.ts'
import type { Coin, CosmosTx, EvmTx, TxResult } from './messages.ts'
import { sdkError, type TxError } from './tx/errors.ts'
import type { GenesisAccount } from './types.ts'

/** 1 usei in wei. */
const weiPerUsei = 1_000_000_000_000n
/** The fee floor of a default genesis, and what the base fee stays at: simulated blocks are never congested. */
export const baseFeeWei = 1_000_000_000n
/** The module account that fees go to: its address is the first 20 bytes of SHA-256 of its name, `fee_collector`. */
export const feeCollector = 'f1829676db577682e944fc3493d451b67ff3e29f'

/** What REST tells of an account beside its balance. */
export interface AccountFacts {
  /** In order of appearance; absent: the account does not exist. */
  readonly number: number | undefined
  /** Compressed, base64; absent before its first Cosmos transaction. */
  readonly pubKey: string | undefined
  readonly sequence: number
}

/** Balances, nonces and address associations of one chain. Addresses are 40 lower-case hex digits. */
export class Ledger {
  /** usei are kept in wei: transfers of the EVM side may leave fractions. */
  readonly #wei = new Map<string, bigint>()
  readonly #coins = new Map<string, Map<string, bigint>>()
  /** By EVM address: both kinds of transactions of a key count up the same sequence. */
  readonly #nonces = new Map<string, number>()
  readonly #numbers = new Map<string, number>()
  readonly #pubKeys = new Map<string, string>()
  readonly #accountByEvm = new Map<string, string>()
  readonly #evmByAccount = new Map<string, string>()

  constructor(accounts: readonly GenesisAccount[]) {
    for (const account of accounts) this.#fund(account)
  }

  evmAccount(address: string): { wei: bigint; nonce: number } {
    return { wei: this.#weiOf(this.#holder(address)), nonce: this.#nonces.get(address) ?? 0 }
  }

  account(address: string): AccountFacts {
    return {
      number: this.#numbers.get(address),
      pubKey: this.#pubKeys.get(address),
      sequence: this.#nonces.get(this.#evmByAccount.get(address) ?? address) ?? 0,
    }
  }

  balances(account: string): readonly Coin[] {
    return asCoins([...(this.#coins.get(account) ?? []), ['usei', this.#weiOf(account) / weiPerUsei]])
  }

  supply(): readonly Coin[] {
    const total = new Map<string, bigint>()
    for (const held of this.#coins.values())
      for (const [denom, amount] of held) total.set(denom, (total.get(denom) ?? 0n) + amount)
    const wei = [...this.#wei.values()].reduce((sum, amount) => sum + amount, 0n)
    return asCoins([...total, ['usei', wei / weiPerUsei]])
  }

  evmOf(account: string): string | undefined {
    return this.#evmByAccount.get(account)
  }

  accountOf(evmAddress: string): string | undefined {
    return this.#accountByEvm.get(evmAddress)
  }

  /** Why CheckTx refuses a transfer; `undefined` accepts. A nonce ahead of the state is accepted and waits. */
  refusal(tx: EvmTx): string | undefined {
    const next = this.#nonces.get(tx.from) ?? 0
    if (tx.nonce < next) return `nonce too low: address 0x${tx.from}, tx: ${tx.nonce} state: ${next}`
    if (tx.tipCap > tx.feeCap)
      return `max priority fee per gas higher than max fee per gas: address 0x${tx.from}, maxPriorityFeePerGas: ${tx.tipCap}, maxFeePerGas: ${tx.feeCap}`
    if (tx.feeCap < baseFeeWei)
      return `max fee per gas less than block base fee: address 0x${tx.from}, maxFeePerGas: ${tx.feeCap}, baseFee: ${baseFeeWei}`
    const needed = intrinsicGas(tx.data)
    if (tx.gas < needed) return `intrinsic gas too low: have ${tx.gas}, want ${needed}`
    return this.#shortage(tx)
  }

  /** Executes a transfer whose nonce is due. What cannot pay any more fails and changes nothing. */
  apply(tx: EvmTx): TxResult {
    const gasUsed = intrinsicGas(tx.data)
    const gas = { gasWanted: Number(tx.gas), gasUsed: Number(gasUsed) }
    const short = this.#shortage(tx)
    if (short !== undefined) return { code: 5, log: short, codespace: 'sdk', ...gas }
    const fee = gasUsed * effectiveGasPrice(tx)
    this.#associate(tx.from, tx.fromAccount)
    this.#nonces.set(tx.from, tx.nonce + 1)
    this.#add(this.#holder(tx.from), -(tx.value + fee))
    this.#add(this.#holder(tx.to), tx.value)
    this.#add(feeCollector, fee)
    return { code: 0, log: '', codespace: '', ...gas }
  }

  /** Why CheckTx refuses a Cosmos transaction whose sequence should be `expected`. */
  refusalOf(tx: CosmosTx, expected: number, signer: string): TxError | undefined {
    if (!this.#numbers.has(tx.account))
      return sdkError('unknown address', `fee payer address: ${signer} does not exist`)
    const short = this.lack(tx.account, tx.fee)
    if (short !== undefined) return sdkError('insufficient funds', `${short}: insufficient funds`)
    if (tx.sequence !== expected)
      return sdkError(
        'incorrect account sequence',
        `account sequence mismatch, expected ${expected}, got ${tx.sequence}`,
      )
    if (tx.isSigned) return undefined
    const number = this.#numbers.get(tx.account)
    return sdkError(
      'unauthorized',
      `signature verification failed; please verify account number (${number}) and chain-id`,
    )
  }

  /** What every Cosmos transaction does, whatever becomes of its messages: pays its fee and counts its sequence up. */
  begin(tx: CosmosTx): void {
    this.#associate(tx.from, tx.account)
    this.#pubKeys.set(tx.account, tx.publicKey)
    this.#nonces.set(tx.from, tx.sequence + 1)
    this.move(tx.account, feeCollector, tx.fee)
  }

  /** Which coin an account has too little of, as the bank module words it. */
  lack(account: string, coins: readonly Coin[]): string | undefined {
    const held = this.balances(account)
    for (const { denom, amount } of coins) {
      const have = held.find((coin) => coin.denom === denom)?.amount ?? '0'
      if (BigInt(have) < BigInt(amount))
        return `${have}${denom} is smaller than ${printCoins([{ denom, amount }])}`
    }
    return undefined
  }

  /** Moves coins that are there; the caller has asked `lack`. */
  move(from: string, to: string, coins: readonly Coin[]): void {
    for (const { denom, amount } of coins) {
      this.#addCoin(from, denom, -BigInt(amount))
      this.#addCoin(to, denom, BigInt(amount))
    }
  }

  /** Destroys coins that are there. */
  burn(from: string, coins: readonly Coin[]): void {
    for (const { denom, amount } of coins) this.#addCoin(from, denom, -BigInt(amount))
  }

  #fund({ address, balance, evmAddress }: GenesisAccount): void {
    const account = accountHex(address)
    if (account === undefined) return
    this.#exists(account)
    for (const { denom, amount } of parseCoins(balance)) this.#addCoin(account, denom, amount)
    if (evmAddress !== undefined) this.#associate(evmAddress.toLowerCase().replace(/^0x/, ''), account)
  }

  /** Ties the two addresses of one key; what lay under the EVM address's own 20 bytes moves over. */
  #associate(evmAddress: string, account: string): void {
    if (this.#accountByEvm.has(evmAddress)) return
    this.#accountByEvm.set(evmAddress, account)
    this.#evmByAccount.set(account, evmAddress)
    if (evmAddress === account) return
    this.#add(account, this.#weiOf(evmAddress))
    this.#wei.delete(evmAddress)
  }

  #shortage(tx: EvmTx): string | undefined {
    const own = this.#accountByEvm.has(tx.from) ? 0n : this.#weiOf(tx.fromAccount)
    const have = this.#weiOf(this.#holder(tx.from)) + own
    const want = tx.value + tx.gas * tx.feeCap
    return have >= want
      ? undefined
      : `insufficient funds for gas * price + value: address 0x${tx.from} have ${have} want ${want}`
  }

  /** Balance of an address that no account is tied to lives under the account of the same 20 bytes. */
  #holder(evmAddress: string): string {
    return this.#accountByEvm.get(evmAddress) ?? evmAddress
  }

  #weiOf(account: string): bigint {
    return this.#wei.get(account) ?? 0n
  }

  #addCoin(account: string, denom: string, amount: bigint): void {
    if (denom === 'usei') {
      this.#add(account, amount * weiPerUsei)
      return
    }
    this.#exists(account)
    const held = this.#coins.get(account) ?? new Map<string, bigint>()
    this.#coins.set(account, held.set(denom, (held.get(denom) ?? 0n) + amount))
  }

  #exists(account: string): void {
    if (!this.#numbers.has(account)) this.#numbers.set(account, this.#numbers.size)
  }

  #add(account: string, amount: bigint): void {
    this.#exists(account)
    this.#wei.set(account, this.#weiOf(account) + amount)
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
