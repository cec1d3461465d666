import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { exitCodes } from '../contract/exit-codes.ts'
import type { CommandContext } from './command.ts'
import { errorText } from '../errors/error-text.ts'

/** One thing that was looked at. A warning is something only some uses need. */
export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly found: string
  /** What to do; only where something is wrong. */
  readonly fix?: string
}

/** Listeners that the default network of 4 validators and 2 followers opens, with room to spare. */
const listeners = 64

export async function run({ say, emit }: CommandContext): Promise<number> {
  const findings = await Promise.all([node(), loopback(), temporaryFolder(), kubectl()])
  for (const { name, state, found, fix } of findings) {
    say(`${state.padEnd(8)} ${name}: ${found}${fix === undefined ? '' : `. Fix: ${fix}`}`)
  }
  const ok = findings.every(({ state }) => state !== 'failed')
  emit({ event: 'doctor', ok, findings })
  return ok ? exitCodes.passed : exitCodes.noVerdict
}

/** `main.ts` has refused older ones already; the version is what a bug report needs. */
async function node(): Promise<Finding> {
  return {
    name: 'node',
    state: 'ok',
    found: `${process.versions.node} on ${process.platform} ${process.arch}`,
  }
}

async function kubectl(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('kubectl', ['version', '--client', '--output', 'json'], {
      timeout: 10_000,
    })
    const version = /"gitVersion":\s*"([^"]+)"/.exec(stdout)?.[1] ?? 'a version it does not tell'
    return { name: 'kubectl', state: 'ok', found: version }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return {
      name: 'kubectl',
      state: 'warning',
      found: missing ? 'not on the PATH' : 'does not answer',
      fix: 'tests run without it; to look at a cluster by hand, install kubectl 1.32 or newer',
    }
  }
}

async function loopback(): Promise<Finding> {
  const servers = Array.from({ length: listeners }, () => createServer())
  try {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject)
            server.listen(0, '127.0.0.1', resolve)
          }),
      ),
    )
    return { name: 'loopback', state: 'ok', found: `127.0.0.1 gives ${listeners} ports` }
  } catch (error) {
    return {
      name: 'loopback',
      state: 'failed',
      found: `127.0.0.1 does not give ${listeners} ports: ${errorText(error)}`,
      fix: 'bring the loopback interface up, raise the limit of open files (ulimit -n 4096), or leave the sandbox',
    }
  } finally {
    for (const server of servers) server.close()
  }
}

async function temporaryFolder(): Promise<Finding> {
  const folder = tmpdir()
  try {
    await access(folder, constants.W_OK)
    return { name: 'temporary folder', state: 'ok', found: folder }
  } catch {
    return {
      name: 'temporary folder',
      state: 'failed',
      found: `${folder} cannot be written to`,
      fix: 'set TMPDIR to a folder that can',
    }
  }
}
