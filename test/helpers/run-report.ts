import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { RunClaim } from '../../src/evidence/upload/claim.ts'

/** Where the report of `claim()` lies. */
export const prefix = 'nightly/release-test/r1'

/** That of a run that is over. */
export function claim(more: Partial<RunClaim> = {}): RunClaim {
  return {
    scenario: 'release-test',
    runId: 'r1',
    nonce: 'n1',
    writer: 'workflow-run',
    terminal: true,
    takenAt: '2026-11-21T12:00:00.000Z',
    ...more,
  }
}

/** A folder of the running test, whose path needs quotes in a shell. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'report '))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** One with these files, by path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}
