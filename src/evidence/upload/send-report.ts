import { join } from 'node:path'
import { manifestName, sha256, type ManifestFile } from '../manifest.ts'
import { claimRun, prefixOf, snapshotId, type RunClaim } from './claim.ts'
import { inParallel } from './in-parallel.ts'
import { holds, place, Superseded, type Placing } from './place.ts'
import type { Spool } from './spool.ts'
import { uploadFailureOf } from './upload-errors.ts'

export interface UploadResult {
  /** `superseded`: a later snapshot of the same run is in the bucket, and stays. */
  readonly state: 'complete' | 'superseded'
  /** Of the report's prefix. */
  readonly url: string
  readonly sent: number
  /** There already, with the same content. */
  readonly kept: number
  /** Of what was sent. */
  readonly bytes: number
  /** Files that held a secret until they were prepared for upload. */
  readonly redacted: readonly string[]
}

/** Content of the manifest of an uploaded report. */
interface ReportManifest {
  readonly version: 1
  readonly scenario: string
  readonly runId: string
  /** The state of the run that the files tell; `run.json` names the same. */
  readonly snapshot: string
  readonly files: readonly ManifestFile[]
  readonly redacted: readonly string[]
}

/** Files on their way at once. */
const parallel = 4

/** What is sent, as it lies on the disk. */
export interface Report {
  readonly folder: string
  readonly spool: Spool
  readonly files: readonly ManifestFile[]
}

type Tally = { -readonly [K in 'sent' | 'kept' | 'bytes']: UploadResult[K] }

/** Claims the run id, sends what is missing, and the manifest at the end. */
export async function sendReport(placing: Placing, report: Report): Promise<UploadResult> {
  const { store, claim, patience, signal } = placing
  const tally: Tally = { sent: 0, kept: 0, bytes: 0 }
  const result = (state: UploadResult['state']): UploadResult => ({
    state,
    url: store.url(prefixOf(claim)),
    ...tally,
    redacted: report.spool.redacted,
  })
  if ((await patience.with(() => claimRun(store, claim, signal))) === 'superseded')
    return result('superseded')
  try {
    await placeAll(placing, report, tally)
  } catch (error) {
    if (error instanceof Superseded) return result('superseded')
    throw error
  }
  await report.spool.complete()
  return result('complete')
}

async function placeAll(placing: Placing, report: Report, tally: Tally): Promise<void> {
  const { store, claim, signal } = placing
  const manifest = manifestText(claim, report)
  const hash = sha256(manifest)
  const key = `${prefixOf(claim)}/${manifestName}`
  await removeOther(placing, key, hash)
  // What people read first is small, and is there first.
  const files = report.files.toSorted((a, b) => a.bytes - b.bytes)
  await inParallel(files, parallel, (file) => placeFile(placing, report, file, tally))
  if (!(await holds(placing))) throw new Superseded()
  await place(placing, {
    key,
    sha256: hash,
    put: (condition) => store.write(key, manifest, { condition, signal }),
  })
}

async function placeFile(placing: Placing, report: Report, file: ManifestFile, tally: Tally): Promise<void> {
  const { store, claim, patience, signal } = placing
  const key = `${prefixOf(claim)}/${file.path}`
  const stored = { ...file, path: join(report.folder, file.path) }
  const pieces = report.spool.piecesOf(key, file.sha256)
  const onProgress = (): void => patience.reached()
  const outcome = await place(placing, {
    key,
    sha256: file.sha256,
    put: (condition) => store.put(key, stored, { condition, signal, pieces, onProgress }),
  })
  tally[outcome]++
  if (outcome === 'sent') tally.bytes += file.bytes
}

/** The manifest of an earlier snapshot would call complete what is about to be replaced. */
async function removeOther({ store, patience, signal }: Placing, key: string, hash: string): Promise<void> {
  try {
    const found = await patience.with(() => store.head(key, signal))
    if (found !== undefined && found.sha256 !== hash) await patience.with(() => store.remove(key, signal))
  } catch (error) {
    // An account may write and not delete: then the old one stays until the new one replaces it, and names another snapshot.
    if (uploadFailureOf(error) !== 'denied') throw error
  }
}

/** The same for the same files, so that a repetition finds it unchanged. */
function manifestText(claim: RunClaim, { files, spool }: Report): string {
  const manifest: ReportManifest = {
    version: 1,
    scenario: claim.scenario,
    runId: claim.runId,
    snapshot: snapshotId(claim),
    files,
    redacted: spool.redacted,
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
