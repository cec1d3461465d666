import type { Checked, Problem } from './problem.ts'

/** Where a cluster comes from. `attach` is the one source without a cluster: endpoints from the environment. */
export const modes = ['embedded', 'envtest', 'kind', 'local', 'docker', 'k8s', 'attach'] as const
export type Mode = (typeof modes)[number]

/** Modes whose nodes are simulated; every verdict of theirs says so. */
export const simulatedModes: ReadonlySet<Mode> = new Set<Mode>(['embedded', 'envtest'])

/** Presence selects the mode; an empty value counts, as in the Go SDK. */
export const modeVariables = {
  SEI_NODE_CLUSTER: 'k8s',
  SEI_KIND: 'kind',
  SEI_LOCAL: 'local',
  SEI_DOCKER: 'docker',
  SEI_ENVTEST: 'envtest',
  SEI_EMBEDDED: 'embedded',
} as const

/** Endpoint variables, any one of which selects `attach`. */
export const endpointVariables = [
  'RPC_TM_RPC',
  'RPC_EVM_RPC',
  'RPC_EVM_RPC_LIST',
  'RPC_REST',
  'SEI_TENDERMINT_RPC',
  'SEI_EVM_JSON_RPC',
  'SEI_EVM_JSON_RPC_LIST',
  'SEI_EVM_WS',
  'SEI_TENDERMINT_REST',
] as const

export interface ResolvedMode {
  readonly mode: Mode
  /** What selected it: `option`, a variable's name, or `default`. */
  readonly source: string
  /** The value of the selecting variable, where it has one (a kind cluster's name, a binary's path). */
  readonly value?: string
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Picks the mode: the explicit option, else the one variable that is present, else `attach` when endpoint variables are
 * set, else `embedded`, but only outside CI and outside a pod.
 */
export function resolveMode(explicit: string | undefined, env: Env): Checked<ResolvedMode> {
  const unexpanded = unexpandedVariables(env)
  if (unexpanded.length > 0) return { ok: false, problems: unexpanded }
  if (explicit !== undefined) return fromOption(explicit)
  const set = Object.keys(modeVariables).filter((name) => env[name] !== undefined)
  const attached = endpointVariables.filter((name) => env[name] !== undefined)
  const rivals = attached.length > 0 ? [...set, attached[0] ?? ''] : set
  if (rivals.length > 1) {
    const extra = set.length > 1 ? set : rivals
    return fail({
      what: `${extra.join(' and ')} are both set, and each selects a mode`,
      where: 'environment',
      expected: 'at most one of them, or an explicit mode option',
      fix: `unset all but one, or pass sei({ mode: '…' })`,
    })
  }
  const [name] = set
  if (name !== undefined) return fromVariable(name, env[name] ?? '')
  if (attached.length > 0) return ok({ mode: 'attach', source: attached[0] ?? 'environment' })
  return fromPlace(env)
}

function fromOption(explicit: string): Checked<ResolvedMode> {
  if ((modes as readonly string[]).includes(explicit)) return ok({ mode: explicit as Mode, source: 'option' })
  return fail({
    what: `unknown mode ${JSON.stringify(explicit)}`,
    where: 'option mode',
    expected: `one of ${modes.join(', ')}`,
    fix: 'correct the mode option, or leave it out to let the environment decide',
  })
}

function fromVariable(name: string, value: string): Checked<ResolvedMode> {
  const mode = modeVariables[name as keyof typeof modeVariables]
  return ok(value === '' ? { mode, source: name } : { mode, source: name, value })
}

function fromPlace(env: Env): Checked<ResolvedMode> {
  const place = env.KUBERNETES_SERVICE_HOST !== undefined ? 'KUBERNETES_SERVICE_HOST' : 'CI'
  const elsewhere =
    env.KUBERNETES_SERVICE_HOST !== undefined || (env.CI !== undefined && !/^(|0|false)$/i.test(env.CI))
  if (!elsewhere) return ok({ mode: 'embedded', source: 'default' })
  return fail({
    what: `no mode is named, and ${place} is set: here a simulated cluster must not be what runs by default`,
    where: 'environment',
    expected: `one of ${Object.keys(modeVariables).join(', ')}, an endpoint variable, or an explicit mode option`,
    fix: `set SEI_NODE_CLUSTER=1 for the real cluster, or SEI_EMBEDDED=1 to ask for the simulated one`,
  })
}

/** A `$(NAME)` left in a value: Kubernetes keeps the reference verbatim when the variable it names does not exist. */
function unexpandedVariables(env: Env): Problem[] {
  const watched = [
    ...Object.keys(modeVariables),
    ...endpointVariables,
    ...Object.keys(env).filter((n) => /^(SEI|RPC)_/.test(n)),
  ]
  return [...new Set(watched)]
    .filter((name) => env[name]?.includes('$(') === true)
    .map((name) => ({
      what: `the value of ${name} still contains an unexpanded reference, ${JSON.stringify(env[name])}`,
      where: `environment variable ${name}`,
      expected: 'a value with every $(…) expanded',
      fix: `define the variable that ${name} refers to before it in the pod's env list`,
    }))
}

function ok(value: ResolvedMode): Checked<ResolvedMode> {
  return { ok: true, value }
}

function fail(problem: Problem): Checked<never> {
  return { ok: false, problems: [problem] }
}
