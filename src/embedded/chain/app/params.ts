import { consensusParams, genesisDocument } from '../genesis-document.ts'
import type { Messages } from '../tx/messages.ts'
import type { ChainGenesis } from '../types.ts'
import { parseDecimal, parseDuration } from './decimal.ts'

type Section = Record<string, unknown>

/** Modules that keep their parameters in a subspace which proposals may change. */
const subspaces = new Set(
  'auth bank baseapp crisis distribution evm gov ibc mint oracle slashing staking tokenfactory transfer upgrade wasm'.split(
    ' ',
  ),
)
/** Keys of the subspace `gov`, and the sections that genesis and REST show them as. */
const govSections: Readonly<Record<string, string>> = {
  depositparams: 'deposit_params',
  votingparams: 'voting_params',
  tallyparams: 'tally_params',
}
/** Keys of the subspace `baseapp`, and their parts of the consensus parameters. */
const consensusSections: Readonly<Record<string, string>> = {
  ABCIParams: 'abci',
  BlockParams: 'block',
  EvidenceParams: 'evidence',
  SynchronyParams: 'synchrony',
  TimeoutParams: 'timeout',
  ValidatorParams: 'validator',
  VersionParams: 'version',
}

/** Parameters of the modules: what genesis said, and what proposals made of it. */
export class Params {
  readonly #genesis: ChainGenesis
  readonly #changes = new Map<string, string>()
  #gov: Section
  #consensus: Section

  constructor(genesis: ChainGenesis) {
    this.#genesis = genesis
    this.#gov = moduleState(genesis, 'gov')
    this.#consensus = consensusParams(genesis)
  }

  get gov(): Readonly<Section> {
    return this.#gov
  }

  get consensus(): Readonly<Section> {
    return this.#consensus
  }

  /** JSON of a parameter; empty when nothing is known of it. */
  get(subspace: string, key: string): string {
    const changed = this.#changes.get(`${subspace}/${key}`)
    if (changed !== undefined) return changed
    const section =
      subspace === 'gov' ? this.#gov[govSections[key] ?? ''] : this.#consensus[consensusSections[key] ?? '']
    if ((subspace === 'gov' || subspace === 'baseapp') && section !== undefined)
      return JSON.stringify(section)
    const { params } = moduleState(this.#genesis, subspace)
    const value = isSection(params) ? params[snakeCase(key)] : undefined
    return value === undefined ? '' : JSON.stringify(value)
  }

  /** Why a change cannot be made; `undefined` when it can. */
  refusal({ subspace, key, value }: Messages['ParamChange']): string | undefined {
    if (!subspaces.has(subspace)) return `${subspace}: unknown subspace`
    const isUnknown = ['gov', 'staking', 'baseapp'].includes(subspace)
      ? this.get(subspace, key) === ''
      : key === ''
    if (isUnknown) return `parameter ${subspace}/${key} does not exist`
    const parsed = parse(value)
    if (parsed === undefined) return `${key}: ${value}: failed to set parameter: invalid JSON`
    if (subspace === 'gov' && (!isSection(parsed) || !isGovSection(parsed)))
      return `${key}: ${value}: failed to set parameter`
    return undefined
  }

  /** Makes a change that was not refused. Sections are replaced field by field: what the value leaves out stays. */
  set({ subspace, key, value }: Messages['ParamChange']): void {
    const parsed = parse(value)
    const govSection = subspace === 'gov' ? govSections[key] : undefined
    const consensusSection = subspace === 'baseapp' ? consensusSections[key] : undefined
    if (govSection !== undefined && isSection(parsed))
      this.#gov = merged(this.#gov, govSection, inSeconds(parsed))
    else if (consensusSection !== undefined && isSection(parsed))
      this.#consensus = merged(this.#consensus, consensusSection, parsed)
    else this.#changes.set(`${subspace}/${key}`, value)
  }
}

function moduleState(genesis: ChainGenesis, module: string): Section {
  const state = (genesisDocument(genesis)['app_state'] as Section)[module]
  return isSection(state) ? state : {}
}

function merged(all: Section, name: string, change: Section): Section {
  const before = all[name]
  return { ...all, [name]: { ...(isSection(before) ? before : {}), ...change } }
}

/** Durations and decimals of a governance section must be some. */
function isGovSection(section: Section): boolean {
  return Object.entries(section).every(([name, value]) => {
    if (name.endsWith('_period')) return parseDuration(value) !== undefined
    return /quorum|threshold/.test(name) ? parseDecimal(value) !== undefined : Array.isArray(value)
  })
}

/** Durations as genesis has them: a change names them in nanoseconds. */
function inSeconds(section: Section): Section {
  return Object.fromEntries(
    Object.entries(section).map(([name, value]) => {
      const ms = name.endsWith('_period') ? parseDuration(value) : undefined
      return [name, ms === undefined ? value : `${ms / 1_000}s`]
    }),
  )
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function snakeCase(key: string): string {
  return key.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}
