import { isBech32 } from './bech32.ts'
import { json, list, object, record } from './check-structures.ts'
import { anyText, flag, integer, refine, refuse, show, text, type Check } from './checks.ts'
import type { GenesisAccount } from './crds/head/seinetwork.ts'
import {
  dns1,
  dns1035,
  maxChainIdLength,
  maxLabelLength,
  maxNodeNameLength,
  publicChainIds,
} from './names.ts'

/** Checks of single fields that options and specs share. */

export const image: Check<string> = text({
  noun: 'an image reference',
  form: 'name:tag, without spaces',
  pattern: /^\S+$/,
  maxLength: 512,
})

export const namespace: Check<string> = text({
  noun: 'a namespace name',
  form: 'lower-case letters, digits and hyphens',
  pattern: dns1,
  maxLength: maxLabelLength,
})

/** sei-config keys to strings: the controller passes them on as text whatever the type in config.toml is. */
export const config: Check<Record<string, string>> = record(
  text({
    noun: 'a dotted sei-config key',
    form: 'section.name',
    pattern: /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
  }),
  (value, where) =>
    typeof value === 'object'
      ? refuse({
          what: `${show(value)} is nested below a key`,
          where,
          expected: 'a string',
          fix: 'use one dotted key for each setting',
        })
      : anyText(value, where),
)

export const genesis: Check<Record<string, unknown>> = record(
  text({
    noun: 'a dotted genesis path',
    form: 'snake_case words joined by dots, such as staking.params.unbonding_time',
    pattern: /^[a-z0-9_]+(\.[a-z0-9_-]+)*$/,
  }),
  json,
)

const coins = text({
  noun: 'an amount of coins',
  form: '1000000usei, several joined by commas',
  pattern: /^\d+[a-zA-Z][a-zA-Z0-9/:._-]{1,127}(,\d+[a-zA-Z][a-zA-Z0-9/:._-]{1,127})*$/,
})

const address = refine(text({ noun: 'an account address', form: 'sei1…' }), (value) =>
  isBech32(value, 'sei')
    ? undefined
    : {
        what: `${JSON.stringify(value)} is not a Sei account address: prefix, letters or checksum are wrong`,
        expected: 'a bech32 address that begins with sei1',
        fix: 'copy the address again; an 0x address has to be given in its sei1 form',
      },
)

const vesting = object<NonNullable<GenesisAccount['vesting']>>(
  { amount: coins, endTime: integer(1, undefined, ' of unix seconds'), delayed: flag },
  { required: ['amount', 'endTime'] },
)

const account = refine(
  object<GenesisAccount>({ address, balance: coins, vesting }, { required: ['address', 'balance'] }),
  ({ balance, vesting: locked }) => {
    const short = locked === undefined ? undefined : shortOf(amounts(balance), amounts(locked.amount))
    return short === undefined
      ? undefined
      : {
          what: `vesting.amount locks more ${short} than the balance holds`,
          expected: 'a vesting amount within the balance',
          fix: `raise balance or lower vesting.amount in ${short}`,
        }
  },
)

function amounts(text: string): Map<string, bigint> {
  return new Map(
    text.split(',').map((coin) => {
      const digits = /^\d+/.exec(coin)?.[0] ?? '0'
      return [coin.slice(digits.length), BigInt(digits)]
    }),
  )
}

function shortOf(held: Map<string, bigint>, locked: Map<string, bigint>): string | undefined {
  return [...locked].find(([denom, amount]) => amount > (held.get(denom) ?? 0n))?.[0]
}

export const accounts: Check<GenesisAccount[]> = list(account)

/**
 * Genesis validators. Leaving block sync takes two peers: with two validators each has one, so neither ever proposes a
 * block and the height stays 0. One works because the ceremony pins it as the sole validator in the genesis file.
 */
export const validators: Check<number> = refine(integer(1, 100), (count) =>
  count === 2
    ? {
        what: 'two validators never start: each has one peer, and leaving block sync takes two',
        expected: '1, or 3…100',
        fix: 'use 1 or 3 validators',
      }
    : undefined,
)

export const followerCount: Check<number> = integer(0, 100)

const objectName = text({
  noun: 'a name',
  form: 'lower-case letters, digits and hyphens, beginning with a letter',
  pattern: dns1035,
})

/** Longer names get no pod: the revision label of the StatefulSet would pass 63 characters. */
export const nodeName: Check<string> = refine(objectName, (name) =>
  name.length <= maxNodeNameLength ? undefined : tooLong('node name', name, maxNodeNameLength),
)

/** A network's name, which is also its chain id. */
export const networkName: Check<string> = refine(objectName, (name) => {
  if (publicChainIds.includes(name))
    return {
      what: `${name} is the chain id of a public network`,
      expected: 'a chain id of your own',
      fix: `name the network anything but ${publicChainIds.join(', ')}`,
    }
  return name.length <= maxChainIdLength ? undefined : tooLong('chain id', name, maxChainIdLength)
})

function tooLong(noun: string, name: string, limit: number): { what: string; expected: string; fix: string } {
  return {
    what: `the ${noun} ${JSON.stringify(name)} has ${name.length} characters`,
    expected: `at most ${limit}`,
    fix: `shorten it by ${name.length - limit}`,
  }
}

const qualifiedName = text({
  noun: 'a label key',
  form: 'an optional DNS prefix and /, then up to 63 letters, digits, ".", "_" or "-"',
  pattern: /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
})

export const labels: Check<Record<string, string>> = record(
  qualifiedName,
  refine(anyText, (value) =>
    /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value)
      ? undefined
      : {
          what: `${show(value)} is not a label value`,
          expected: `at most ${maxLabelLength} letters, digits, ".", "_" or "-", a letter or digit at both ends`,
          fix: 'shorten or replace the value; annotations take any text',
        },
  ),
)

export const annotations: Check<Record<string, string>> = record(qualifiedName, anyText)

/** Witnesses for state sync: bare `host:port`, at least two, all different. */
export const rpcServers: Check<string[]> = refine(
  list(
    text({
      noun: 'a witness',
      form: 'bare host:port, without scheme or path',
      pattern: /^[^\s:/,]+:(?!0+$)([0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
    }),
    2,
  ),
  (servers) =>
    new Set(servers).size === servers.length
      ? undefined
      : {
          what: 'a witness is listed twice',
          expected: 'at least two different witnesses',
          fix: 'name another node of the network',
        },
)
