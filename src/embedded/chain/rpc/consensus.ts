import { setHash } from '../header.ts'
import type { SeidNode } from '../seid-node.ts'
import type { RoundState } from '../messages.ts'
import { resolveHeight } from './heights.ts'
import type { RpcMethods } from './method.ts'
import { bitArray } from './bit-array.ts'

type VoteKind = 'PREVOTE(Prevote)' | 'PRECOMMIT(Precommit)'

export const consensusMethods: RpcMethods = {
  consensus_state: {
    params: {},
    run: async (node) => ({ round_state: printRound(await node.session.query('consensusState')) }),
  },
  dump_consensus_state: { params: {}, run: dump },
  consensus_params: {
    params: { height: 'int' },
    run: async (node, args) => {
      const asked = args.int('height')
      const height = asked === undefined ? node.view.height + 1 : resolveHeight(node, asked)
      return { block_height: String(height), consensus_params: await node.session.query('consensusParams') }
    },
  },
}

function printRound(round: RoundState): unknown {
  return {
    'height/round/step': `${round.height}/${round.round}/${round.step}`,
    start_time: round.startTime,
    proposal_block_hash: round.proposalHash,
    locked_block_hash: '',
    valid_block_hash: '',
    height_vote_set: voteSets(round),
    proposer: proposer(round),
  }
}

function proposer(round: RoundState): unknown {
  return { address: round.validators[round.proposer]?.address ?? '', index: round.proposer }
}

/** The current round's votes, and the next round's empty set that a node always keeps ready. */
function voteSets(round: RoundState): unknown[] {
  const nobody = round.validators.map(() => false)
  return [
    { number: round.round, prevotes: round.prevotes, precommits: round.precommits },
    { number: round.round + 1, prevotes: nobody, precommits: nobody },
  ].map(({ number, prevotes, precommits }) => ({
    round: number,
    prevotes: prevotes.map((voted, i) => (voted ? printVote(round, i, 'PREVOTE(Prevote)') : 'nil-Vote')),
    prevotes_bit_array: bitArray(round.validators, prevotes),
    precommits: precommits.map((voted, i) =>
      voted ? printVote(round, i, 'PRECOMMIT(Precommit)') : 'nil-Vote',
    ),
    precommits_bit_array: bitArray(round.validators, precommits),
  }))
}

function printVote(round: RoundState, index: number, kind: VoteKind): string {
  const address = round.validators[index]?.address ?? ''
  const block = round.proposalHash === '' ? '000000000000' : round.proposalHash.slice(0, 12)
  const signature = setHash([address, String(round.height), kind]).slice(0, 12)
  const number = String(round.round).padStart(2, '0')
  return `Vote{index=${index}:${address} ${round.height}/${number}/SIGNED_MSG_TYPE_${kind} ${block} ${signature} @ ${round.startTime}}`
}

async function dump(node: SeidNode): Promise<unknown> {
  const [round, { known, live }] = await Promise.all([
    node.session.query('consensusState'),
    node.session.query('peers'),
  ])
  const validators = round.validators.map(({ address, pubKey, power }) => ({
    address,
    pub_key: { type: 'tendermint/PubKeyEd25519', value: pubKey },
    voting_power: String(power),
    proposer_priority: '0',
  }))
  const addresses = new Map(known.map(({ id, address }) => [id, address]))
  return {
    round_state: {
      height: String(round.height),
      round: round.round,
      step: round.step,
      start_time: round.startTime,
      commit_time: round.startTime,
      validators: { validators, proposer: validators[round.proposer] ?? null },
      proposal: null,
      proposal_block: null,
      proposal_block_parts: null,
      locked_round: -1,
      locked_block: null,
      valid_round: -1,
      valid_block: null,
      votes: voteSets(round),
      commit_round: -1,
      last_commit: null,
      last_validators: { validators, proposer: validators[round.proposer] ?? null },
      triggered_timeout_precommit: false,
    },
    peers: live.map((id) => ({
      node_address: `mconn://${id}@${addresses.get(id) ?? ''}`,
      peer_state: {
        round_state: {
          height: String(round.height),
          round: round.round,
          step: round.step,
          start_time: round.startTime,
        },
        stats: { votes: '0', block_parts: '0' },
      },
    })),
  }
}
