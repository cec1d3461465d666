/** Where a block is executed in consensus, from the panic outwards: frames of a recorded trace. */
const consensusFrames = [
  ['internal/consensus.(*State).receiveRoutine.func1', 'internal/consensus/state.go:721 +0x174'],
  ['internal/state.(*BlockExecutor).ApplyBlock', 'internal/state/execution.go:217 +0x6c8'],
  ['internal/consensus.(*State).finalizeCommit', 'internal/consensus/state.go:1949 +0xef8'],
  ['internal/consensus.(*State).tryFinalizeCommit', 'internal/consensus/state.go:1855 +0x3f4'],
  ['internal/consensus.(*State).enterCommit', 'internal/consensus/state.go:1827 +0xeaa'],
  ['internal/consensus.(*State).addVote', 'internal/consensus/state.go:2603 +0x1637'],
  ['internal/consensus.(*State).handleMsg', 'internal/consensus/state.go:892 +0xf12'],
  ['internal/consensus.(*State).receiveRoutine', 'internal/consensus/state.go:754 +0x3df'],
] as const
const handshakeFrames = [
  ['internal/state.(*BlockExecutor).ApplyBlock', 'internal/state/execution.go:217 +0x6c8'],
  ['internal/consensus.(*Handshaker).replayBlock', 'internal/consensus/replay.go:521 +0x2b4'],
  ['internal/consensus.(*Handshaker).ReplayBlocks', 'internal/consensus/replay.go:398 +0x9d1'],
  ['internal/consensus.(*Handshaker).Handshake', 'internal/consensus/replay.go:247 +0x512'],
] as const

/** What the Go runtime prints of a panic that recovered once and was raised again. The process exits 2. */
export function panicLines(text: string, during: 'consensus' | 'handshake'): string[] {
  const frames = during === 'consensus' ? consensusFrames : handshakeFrames
  return [
    `panic: ${text} [recovered, repanicked]`,
    '',
    `goroutine ${during === 'consensus' ? 488 : 1} [running]:`,
    ...frames.flatMap(([name, place]) => [
      `github.com/sei-protocol/sei-chain/sei-tendermint/${name}(...)`,
      `\tsei-tendermint/${place}`,
    ]),
  ]
}
