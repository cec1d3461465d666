import { isRecord, readNumber, readText } from './json.ts'
import { rpcGet, type ProbeOptions } from './seid-rpc.ts'

export interface ConsensusReading {
  /** Height being decided: one above the last block. */
  readonly height: number
  readonly round: number
  readonly step: number
  /** Highest share of the voting power, 0…1, seen in one round's votes at this height. */
  readonly prevoteShare: number
  readonly precommitShare: number
  /** What tells two readings apart: the same text means that consensus did not move between them. */
  readonly fingerprint: string
}

/** `/consensus_state`: who votes. Below two thirds there is no quorum; above, with the height frozen, execution stopped. */
export async function readConsensusState(
  rpcUrl: string,
  options: ProbeOptions = {},
): Promise<ConsensusReading> {
  return parseConsensusState(await rpcGet(rpcUrl, 'consensus_state', {}, options))
}

/** The body of `/consensus_state`, out of its envelope. */
export function parseConsensusState(body: unknown): ConsensusReading {
  const state = isRecord(body) && isRecord(body.round_state) ? body.round_state : {}
  const step = readText(state['height/round/step'])
  const [height = 0, round = 0, at = 0] = step.split('/').map((part) => readNumber(part) ?? 0)
  const sets = Array.isArray(state.height_vote_set) ? state.height_vote_set.filter(isRecord) : []
  const prevotes = sets.map((set) => readText(set.prevotes_bit_array))
  const precommits = sets.map((set) => readText(set.precommits_bit_array))
  return {
    height,
    round,
    step: at,
    prevoteShare: Math.max(0, ...prevotes.map(voteShare)),
    precommitShare: Math.max(0, ...precommits.map(voteShare)),
    fingerprint: [step, ...prevotes, ...precommits].join(' '),
  }
}

/** The share in `BA{4:x_x_} 20/40 = 0.50`, from its powers: the decimals there are rounded. */
function voteShare(bitArray: string): number {
  const powers = /(\d+)\/(\d+) = /.exec(bitArray)
  const [, have = '0', all = '0'] = powers ?? []
  return Number(all) === 0 ? 0 : Number(have) / Number(all)
}
