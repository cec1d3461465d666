import { reportPrefix } from '../../contract/scenario-names.ts'
import { isPlainObject } from '../../contract/checks.ts'
import { SeiError } from '../../errors/sei-error.ts'
import type { BucketStore } from './bucket-store.ts'

/** Guards the run id: whoever made it owns the prefix, and who shares its nonce writes for the same run. */
export const claimName = 'run.json'

/** Whose report it is, and which state of the run it tells. */
export interface RunClaim {
  readonly scenario: string
  readonly runId: string
  /** Same for all writers of one run and for no other run: see `runNonce` of contract/scenario-names.ts. */
  readonly nonce: string
  /** Where the report lies; slashes around it make no difference. @default `nightly/<scenario>/<run id>` */
  readonly prefix?: string | undefined
  /** `workflow-run`, `upload-report`: for people. */
  readonly writer: string
  /** The run was over when this was taken. Such a report is never replaced by one of a run that still went on. */
  readonly terminal: boolean
  /** Of the writer's clock, ISO 8601. Of two reports that are both terminal, or both not, the later one stays. */
  readonly takenAt: string
}

/** The state of a run that a bucket holds or is being given. */
interface Snapshot {
  readonly writer: string
  readonly terminal: boolean
  readonly takenAt: string
}

/** Content of `run.json`. */
interface ClaimObject {
  readonly version: 1
  readonly scenario: string
  readonly runId: string
  readonly nonce: string
  readonly claimedAt: string
  readonly snapshot: Snapshot
}

export function prefixOf({ prefix, scenario, runId }: RunClaim): string {
  return (prefix ?? reportPrefix(scenario, runId)).replaceAll(/^\/+|\/+$/g, '')
}

/** Names a snapshot in the manifest, so that the two can be matched. */
export function snapshotId({ writer, terminal, takenAt }: Snapshot): string {
  return `${takenAt}/${terminal ? 'terminal' : 'running'}/${writer}`
}

/** What became of a claim: ours to write, or a later snapshot of the same run is there. */
export type ClaimState = 'ours' | 'superseded'

/** More than enough for writers that really are of one run. */
const attempts = 50

/**
 * Takes the run id for this run, or joins the run that has it, with this snapshot as the one to keep. Safe to repeat.
 * Throws RUN_ID_TAKEN where the id is another run's, and UPLOAD_FAILED.
 */
export async function claimRun(
  store: BucketStore,
  claim: RunClaim,
  signal: AbortSignal,
): Promise<ClaimState> {
  const key = `${prefixOf(claim)}/${claimName}`
  // Written before it is read: an account that may only write can claim a fresh id.
  const fresh = claimText(claim, new Date().toISOString())
  if ((await store.write(key, fresh, { condition: { absent: true }, signal })) !== undefined) return 'ours'
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await store.read(key, signal)
    const condition = found === undefined ? { absent: true as const } : { etag: found.etag }
    const held = found === undefined ? undefined : parseClaim(found.text)
    if (found !== undefined && held?.nonce !== claim.nonce) throw takenError(store.url(key), claim, held)
    const order = held === undefined ? -1 : compare(held.snapshot, claim)
    if (order === 0) return 'ours'
    if (order > 0) return 'superseded'
    const text = claimText(claim, held?.claimedAt ?? new Date().toISOString())
    if ((await store.write(key, text, { condition, signal })) !== undefined) return 'ours'
  }
  throw new SeiError(`${store.url(key)} changes faster than it can be claimed`, {
    class: 'infra',
    code: 'UPLOAD_FAILED',
    details: { why: 'refused' },
  })
}

/** Whether the claim is still for this snapshot; a newer one of the same run, or another run, may have come. */
export async function isCurrent(store: BucketStore, claim: RunClaim, signal: AbortSignal): Promise<boolean> {
  const found = await store.read(`${prefixOf(claim)}/${claimName}`, signal)
  const held = found === undefined ? undefined : parseClaim(found.text)
  return held?.nonce === claim.nonce && compare(held.snapshot, claim) === 0
}

function claimText(
  { scenario, runId, nonce, writer, terminal, takenAt }: RunClaim,
  claimedAt: string,
): string {
  const claim: ClaimObject = {
    version: 1,
    scenario,
    runId,
    nonce,
    claimedAt,
    snapshot: { writer, terminal, takenAt },
  }
  return `${JSON.stringify(claim, null, 2)}\n`
}

function parseClaim(text: string): ClaimObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const known =
      isPlainObject(value) && typeof value['nonce'] === 'string' && isPlainObject(value['snapshot'])
    return known ? (value as unknown as ClaimObject) : undefined
  } catch {
    return undefined
  }
}

/** Positive where `a` is the one to keep. */
function compare(a: Snapshot, b: Snapshot): number {
  if (a.terminal !== b.terminal) return a.terminal ? 1 : -1
  const [left, right] = [snapshotId(a), snapshotId(b)]
  return left === right ? 0 : left > right ? 1 : -1
}

function takenError(url: string, { runId }: RunClaim, held: ClaimObject | undefined): SeiError {
  const whose =
    held === undefined
      ? 'by something that is no claim of a run'
      : `by another run of ${held.scenario}, since ${held.claimedAt}`
  return new SeiError(`run id ${runId} is taken ${whose}: ${url}`, {
    class: 'usage',
    code: 'RUN_ID_TAKEN',
    hint: 'use a run id that no run had before, or another prefix',
    details: { url, ...(held === undefined ? {} : { claimedAt: held.claimedAt, by: held.snapshot.writer }) },
  })
}
