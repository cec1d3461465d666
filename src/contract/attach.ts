import type { NodeEndpoints } from './endpoints.ts'
import type { endpointVariables } from './modes.ts'
import type { Checked, Problem } from './problem.ts'

type Name = (typeof endpointVariables)[number]

/** Endpoints that the environment names, one entry per node; the first has all that were given singly. */
export interface AttachedEndpoints {
  readonly nodes: readonly NodeEndpoints[]
}

/** Two spellings each: the ones release jobs pass on, and the product's own. The second wins. */
const singles = {
  tendermintRpc: ['RPC_TM_RPC', 'SEI_TENDERMINT_RPC'],
  evmJsonRpc: ['RPC_EVM_RPC', 'SEI_EVM_JSON_RPC'],
  evmWs: ['SEI_EVM_WS'],
  tendermintRest: ['RPC_REST', 'SEI_TENDERMINT_REST'],
} as const satisfies Record<string, readonly Name[]>

const evmLists = ['RPC_EVM_RPC_LIST', 'SEI_EVM_JSON_RPC_LIST'] as const satisfies readonly Name[]

type Env = Readonly<Record<string, string | undefined>>

/**
 * The nodes to attach to. A Tendermint RPC URL is needed: without one no gate can tell whether the node is in consensus.
 * Further EVM URLs of a list become nodes that share it.
 */
export function attachedEndpoints(env: Env): Checked<AttachedEndpoints> {
  const problems: Problem[] = []
  const read = (names: readonly Name[], schemes: RegExp): string | undefined => {
    const name = names.findLast((one) => present(env, one))
    if (name === undefined) return undefined
    const value = env[name]?.trim() ?? ''
    if (isUrl(value, schemes)) return value
    problems.push(badUrl(name, schemes))
    return undefined
  }
  const http = /^https?:$/
  const tendermintRpc = read(singles.tendermintRpc, http)
  const evm = readList(env, problems)
  const evmJsonRpc = read(singles.evmJsonRpc, http) ?? evm[0]
  const evmWs = read(singles.evmWs, /^wss?:$/)
  const tendermintRest = read(singles.tendermintRest, http)
  if (tendermintRpc === undefined && problems.length === 0) problems.push(noRpc)
  if (problems.length > 0 || tendermintRpc === undefined) return { ok: false, problems }
  const first = { tendermintRpc, evmJsonRpc, evmWs, tendermintRest }
  const more = evm.filter((url) => url !== evmJsonRpc).map((url) => ({ tendermintRpc, evmJsonRpc: url }))
  return { ok: true, value: { nodes: [first, ...more] } }
}

function present(env: Env, name: Name): boolean {
  return (env[name]?.trim() ?? '') !== ''
}

function readList(env: Env, problems: Problem[]): string[] {
  const name = evmLists.findLast((one) => present(env, one))
  if (name === undefined) return []
  const urls = (env[name] ?? '').split(/[\s,]+/).filter((url) => url !== '')
  if (urls.every((url) => isUrl(url, /^https?:$/))) return urls
  problems.push({ ...badUrl(name, /^https?:$/), expected: 'http(s) URLs, separated by commas' })
  return []
}

function isUrl(value: string, schemes: RegExp): boolean {
  const url = URL.parse(value)
  return url !== null && schemes.test(url.protocol)
}

/** The value is not repeated: it may hold a key. */
function badUrl(name: string, schemes: RegExp): Problem {
  const scheme = schemes.test('ws:') ? 'ws(s)' : 'http(s)'
  return {
    what: `the value of ${name} is not a ${scheme} URL`,
    where: `environment variable ${name}`,
    expected: `a ${scheme} URL`,
    fix: `set ${name} to the node's URL, or unset it`,
  }
}

const noRpc: Problem = {
  what: 'no Tendermint RPC URL is named, so that no gate can be passed',
  where: 'environment',
  expected: 'SEI_TENDERMINT_RPC or RPC_TM_RPC beside the other endpoints',
  fix: 'set SEI_TENDERMINT_RPC to the URL of the RPC port, 26657 by default',
}
