import type { Coin } from './messages.ts'

/** Coins as genesis and the command line write them, e.g. `10usei,5uatom`; what is none is left out. */
export function parseCoins(text: string): { denom: string; amount: bigint }[] {
  return text
    .split(',')
    .map((part) => /^\s*(\d+)\s*([a-zA-Z][\w/:.-]*)\s*$/.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({ amount: BigInt(match[1] ?? '0'), denom: match[2] ?? '' }))
}

/** Amounts by denom as a list: sorted, without what is none. */
export function asCoins(amounts: Iterable<readonly [string, bigint]>): Coin[] {
  return [...amounts]
    .filter(([, amount]) => amount > 0n)
    .map(([denom, amount]) => ({ denom, amount: String(amount) }))
    .sort((a, b) => (a.denom < b.denom ? -1 : 1))
}

export function printCoins(coins: readonly Coin[]): string {
  return coins.map(({ denom, amount }) => `${amount}${denom}`).join()
}

/** `a` and `b` together. */
export function addCoins(a: readonly Coin[], b: readonly Coin[]): Coin[] {
  const sum = new Map(a.map(({ denom, amount }) => [denom, BigInt(amount)]))
  for (const { denom, amount } of b) sum.set(denom, (sum.get(denom) ?? 0n) + BigInt(amount))
  return asCoins(sum)
}

/** Whether `have` holds at least every coin of `want`. */
export function covers(have: readonly Coin[], want: readonly Coin[]): boolean {
  return want.every(({ denom, amount }) =>
    have.some((coin) => coin.denom === denom && BigInt(coin.amount) >= BigInt(amount)),
  )
}

export interface GasPrice {
  readonly denom: string
  /** Smallest amount that pays for `gas`. */
  cost(gas: number): bigint
}

/** Prices of one unit of gas, e.g. `0.01usei,2uatom`. A price of zero asks for nothing and is left out. */
export function parseGasPrices(text: string): GasPrice[] {
  return text
    .split(',')
    .map((part) => /^\s*(\d+)(?:\.(\d+))?\s*([a-zA-Z][\w/:.-]*)\s*$/.exec(part))
    .filter((match) => match !== null)
    .map((match) => {
      const decimals = match[2] ?? ''
      const price = BigInt(`${match[1] ?? '0'}${decimals}`)
      const unit = 10n ** BigInt(decimals.length)
      return { denom: match[3] ?? '', price, cost: (gas: number) => (price * BigInt(gas) + unit - 1n) / unit }
    })
    .filter(({ price }) => price > 0n)
}
