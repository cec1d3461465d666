import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskOutputs } from '../../../../contract/crds/head/seinodetask.ts'
import { operatorKeyringOf } from '../../seinode/mode.ts'
import type { SidecarTask } from '../../sidecar/client.ts'
import { eraRules } from '../context.ts'
import type { Sighting, TaskKind, Work } from '../kind.ts'
import { readPlain, sidecarKind } from './sidecar.ts'

type GovernancePayload = 'govSoftwareUpgrade' | 'govVote' | 'govParamChange'

/** What the sidecar says became of a transaction. */
interface GovResult {
  readonly txHash?: string
  readonly height?: number
  readonly proposalId?: number
  readonly inclusionStatus?: 'committed_ok' | 'committed_failed' | 'pending' | 'unverifiable'
}

/** A transaction of the target's own key: a proposal or a vote. */
export function governance(payload: GovernancePayload, type: string): TaskKind {
  return sidecarKind({
    payload,
    type,
    params: ({ task, target }) => ({
      ...task.spec[payload],
      keyName: task.spec[payload]?.keyName ?? keyNameOf(target),
    }),
    read: (work, result) => readTransaction(payload, work, result),
  })
}

/** The operator's key where there is one, else the one that genesis ceremonies make. */
function keyNameOf(target: SeiNode): string {
  const keyring = operatorKeyringOf(target)
  return keyring === undefined ? 'validator' : (keyring.keyName ?? 'node_admin')
}

function readTransaction(payload: GovernancePayload, work: Work, task: SidecarTask): Sighting {
  const result = (task.result ?? {}) as GovResult
  const outputs = outputsOf(payload, result)
  const plain = readPlain(work, task)
  if (plain.state === 'complete')
    return eraRules[work.context.era].typedGovResults
      ? { ...plain, outputs, reason: 'Confirmed' }
      : { ...plain, outputs }
  if (plain.state !== 'failed' || !eraRules[work.context.era].typedGovResults) return plain
  if (result.inclusionStatus === 'committed_failed') return { ...plain, outputs, reason: 'TxFailed' }
  if (result.inclusionStatus === 'pending') return { state: 'undetermined', error: plain.error, outputs }
  return plain
}

function outputsOf(payload: GovernancePayload, result: GovResult): SeiNodeTaskOutputs | undefined {
  const { txHash, height, proposalId } = result
  if (txHash === undefined) return undefined
  const transaction = { txHash, ...(height === undefined ? {} : { height }) }
  if (payload === 'govVote') return { govVote: transaction }
  return { [payload]: { ...transaction, ...(proposalId === undefined ? {} : { proposalId }) } }
}
