import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Problem } from '../contract/problem.ts'
import type { ScenarioReport } from '../contract/scenario.ts'
import { usageError } from '../errors/sei-error.ts'
import { reportName } from '../evidence/report/write-report.ts'
import type { BucketTarget } from '../evidence/upload/bucket-store.ts'
import type { RunClaim } from '../evidence/upload/claim.ts'
import { openBucket } from '../evidence/upload/open-bucket.ts'
import { readSpool } from '../evidence/upload/spool.ts'
import { uploadRun } from '../evidence/upload/upload-run.ts'
import { bucketTargetOf } from './bucket-options.ts'
import { textOf, type CommandContext, type OptionValues } from './command.ts'
import { interruption } from './interrupt.ts'

/** `report upload FOLDER`: what an earlier attempt left says where it goes, else the options and the report itself. */
export async function run({ options, say, note, emit }: CommandContext): Promise<number> {
  const folder = textOf(options['folder']) ?? ''
  const { target, claim } = await whereTo(folder, options)
  const store = openBucket(target)
  const signal = interruption()
  try {
    const result = await uploadRun(store, folder, claim, { signal, onNotice: note })
    say(
      result.state === 'complete'
        ? `${result.url} is complete: ${result.sent} files sent, ${result.kept} were there`
        : `${result.url} has a later report of this run: that one stays`,
    )
    for (const path of result.redacted) note(`${path} held a secret, which was taken out`)
    emit({ event: 'upload', ...result })
    return exitCodes.passed
  } finally {
    store.close()
  }
}

async function whereTo(
  folder: string,
  options: OptionValues,
): Promise<{ readonly target: BucketTarget; readonly claim: RunClaim }> {
  if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true)
    throw usageError([problem(`${folder} is no folder`, 'FOLDER', 'the folder of a report')])
  const left = await readSpool(folder)
  const target = targetOf(options, left?.target)
  const claim = left?.claim ?? (await claimOf(folder))
  const prefix = textOf(options['prefix']) ?? (left === undefined ? process.env['S3_PREFIX'] : undefined)
  return { target, claim: prefix === undefined ? claim : { ...claim, prefix } }
}

/** Options win over what an earlier attempt left, that over the environment of now. */
function targetOf(options: OptionValues, left: BucketTarget | undefined): BucketTarget {
  const bucket = textOf(options['bucket']) ?? left?.bucket ?? process.env['S3_BUCKET'] ?? ''
  if (bucket === '')
    throw usageError([
      problem('no bucket is named, and no earlier attempt names one', '--bucket', 'a bucket'),
    ])
  const { region, endpoint, encryption } = bucketTargetOf({ ...options, bucket }) ?? { bucket }
  return {
    bucket,
    region: region ?? left?.region,
    endpoint: endpoint ?? left?.endpoint,
    encryption: encryption ?? left?.encryption,
  }
}

/** A report that nobody has tried to upload yet says itself whose it is. */
async function claimOf(folder: string): Promise<RunClaim> {
  const path = join(folder, reportName)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const report = text === undefined ? undefined : parse(text)
  if (report === undefined)
    throw usageError([problem(`${path} is no report`, 'FOLDER', 'a folder with the report of a run')])
  const { origin, runId, nonce, startedAt, finishedAt, workflow } = report
  return {
    scenario: origin.scenario,
    runId,
    nonce: nonce ?? `${workflow} of ${startedAt}`,
    writer: 'report upload',
    terminal: true,
    takenAt: finishedAt,
  }
}

function parse(text: string): ScenarioReport | undefined {
  try {
    const value = JSON.parse(text) as Partial<ScenarioReport>
    const known = value.version === 1 && value.origin !== undefined && value.runId !== undefined
    return known ? (value as ScenarioReport) : undefined
  } catch {
    return undefined
  }
}

function problem(what: string, where: string, expected: string): Problem {
  return { what, where, expected, fix: 'see seitask report --help' }
}
