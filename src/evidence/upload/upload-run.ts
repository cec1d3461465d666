import { join } from 'node:path'
import { defaults } from '../../contract/defaults.ts'
import { shellWord } from '../../contract/shell-word.ts'
import { cancelledError, SeiError } from '../../errors/sei-error.ts'
import { hashFile, listPaths, manifestName, type ManifestFile } from '../manifest.ts'
import { createRedactor } from '../redact.ts'
import type { BucketStore } from './bucket-store.ts'
import { claimName, type RunClaim } from './claim.ts'
import { takeLastLook } from './last-look.ts'
import { Patience } from './patience.ts'
import { sendReport, type UploadResult } from './send-report.ts'
import { Spool, spoolName } from './spool.ts'
import { uploadFailureOf } from './upload-errors.ts'

export interface UploadOptions {
  /** Secrets to remove wherever they appear. A folder that is tried again no longer holds them. */
  readonly secrets?: readonly string[] | undefined
  /** All of it, ms; counted from now, whatever time the run had. @default `defaults.uploadBudgetMs` */
  readonly budgetMs?: number | undefined
  /** How long a server that cannot be reached is tried again, ms. @default `defaults.unreachableMs` */
  readonly unreachableMs?: number | undefined
  /** Gives up; what was sent stays for another attempt. */
  readonly signal?: AbortSignal | undefined
  /** Lines for people: what is being tried again. */
  readonly onNotice?: ((line: string) => void) | undefined
}

/**
 * Brings a folder to its place in a bucket, as the report of one run: the claim first, then the files, their manifest last, so
 * that a manifest that is there means that all of it is. Sends only what is missing or differs, and can be repeated, also by
 * another process: what that needs is in the folder. Throws RUN_ID_TAKEN where another run has the id; UPLOAD_FAILED
 * otherwise, and RUN_CANCELLED on `signal`; both name the command that finishes it.
 */
export async function uploadRun(
  store: BucketStore,
  folder: string,
  claim: RunClaim,
  options: UploadOptions = {},
): Promise<UploadResult> {
  const { budgetMs = defaults.uploadBudgetMs, unreachableMs = defaults.unreachableMs } = options
  const budget = new AbortController()
  const spent = new Error(`the upload's budget of ${budgetMs} ms is spent`)
  const timer = setTimeout(() => budget.abort(spent), budgetMs)
  const signal = AbortSignal.any([budget.signal, ...(options.signal === undefined ? [] : [options.signal])])
  const patience = new Patience(signal, unreachableMs, options.onNotice ?? (() => {}))
  try {
    const spool = await Spool.open(folder, store.target, claim)
    const files = await prepare(folder, spool, options.secrets ?? [])
    return await sendReport({ store, claim, patience, signal }, { folder, spool, files })
  } catch (error) {
    if (options.signal?.aborted === true)
      throw cancelledError(`the upload was stopped: ${howToFinish(folder)}`, error)
    throw uploadFailureOf(error) === undefined ? error : unfinished(error as SeiError, folder)
  } finally {
    clearTimeout(timer)
  }
}

/** Files of the folder that are no part of the report: unfinished ones, and those that the upload makes itself. */
function isOwn(path: string): boolean {
  return path === spoolName || path === manifestName || path === claimName || path.endsWith('.part')
}

async function prepare(folder: string, spool: Spool, secrets: readonly string[]): Promise<ManifestFile[]> {
  const paths = (await listPaths(folder)).filter((path) => !isOwn(path))
  await spool.addRedacted(await takeLastLook(folder, paths, createRedactor(secrets)))
  const files: ManifestFile[] = []
  for (const path of paths) files.push({ path, ...(await hashFile(join(folder, path))) })
  return files
}

/** The same error, with what to do about the report as well. */
function unfinished(error: SeiError, folder: string): SeiError {
  const { message, hint, details, cause } = error
  const bare = hint === undefined ? message : message.replace(`\n  hint: ${hint}`, '')
  const finish = howToFinish(folder)
  return new SeiError(bare, {
    class: 'infra',
    code: 'UPLOAD_FAILED',
    hint: hint === undefined ? finish : `${hint}; ${finish}`,
    details: { ...details, folder },
    cause,
  })
}

function howToFinish(folder: string): string {
  return `the report stays in ${folder}; seitask report upload ${quoted(folder)} finishes it`
}

/** In quotes only where a shell needs them. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : shellWord(path)
}
