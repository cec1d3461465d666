import type { HaltVerdict } from '../../contract/halts.ts'
import { SeiError } from '../../errors/sei-error.ts'
import type { NodeHash } from './judge.ts'

/** What a network was lost by. Times are ISO 8601. */
export interface Loss {
  readonly network: string
  readonly cause: 'exit' | 'halt' | 'stall' | 'quorum' | 'fork' | 'follower'
  readonly node?: string | undefined
  readonly height: number
  readonly since: string
  readonly says: string
  readonly verdict?: HaltVerdict | undefined
  readonly hashes?: readonly NodeHash[] | undefined
}

/** Ends that come from outside of seid: nothing is learnt about it. Running out of memory is seid's own. */
function isOutside({ cause, verdict }: Loss): boolean {
  if (cause !== 'exit' || verdict === undefined) return false
  const { kind, says } = verdict
  return kind === 'stopped' || (kind === 'killed' && !says.includes('OOMKilled'))
}

/** NETWORK_LOST, of class `infra` where the cluster or someone else ended a node, else `failed`. */
export function networkLost(loss: Loss): SeiError {
  const { network, cause, node, height, since, says, verdict, hashes } = loss
  const outside = isOutside(loss)
  return new SeiError(`network ${network} is lost: ${says}`, {
    class: outside ? 'infra' : 'failed',
    code: 'NETWORK_LOST',
    details: {
      cause: outside ? 'cluster' : 'chain',
      incident: cause,
      network,
      ...(node === undefined ? {} : { node }),
      height,
      since,
      ...(verdict === undefined ? {} : { source: verdict.source, verdict }),
      ...(hashes === undefined ? {} : { hashes }),
    },
    hint: hintOf(verdict),
  })
}

function hintOf(verdict: HaltVerdict | undefined): string {
  switch (verdict?.kind) {
    case 'upgrade-required':
      return 'the nodes need the image that has this upgrade; a test that upgrades on purpose says so with network.expectHalt'
    case 'binary-too-new':
      return 'the image has an upgrade that is not due yet: go back to the one before it'
    case 'downgrade':
      return 'the image is older than the chain'
    case 'stopped':
    case 'killed':
      return 'a test that ends nodes itself says so with network.expectDisruption'
    default:
      return 'the evidence has the consensus state of each node, its log, and the end of every container'
  }
}
