import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { SeiError, usageError } from '../../errors/sei-error.ts'
import { checkRef, noSuchScenario } from './ref.ts'
import { maxFileBytes, textOf, tooLarge, workflowPaths } from './scenario-file.ts'
import type { ScenarioSource } from './scenario-source.ts'

const timeoutMs = 30_000

/** Reads a scenario as it is at `ref` of the checkout in `folder`; its work tree is not looked at. */
export async function readFromGit(folder: string, scenario: string, ref: string): Promise<ScenarioSource> {
  checkRef(ref)
  const commit = await commitOf(folder, ref)
  const path = await firstOf(folder, commit, scenario)
  const bytes = await show(folder, commit, path)
  return {
    origin: { scenario, repo: folder, ref, commit, path, sha256: hash('sha256', bytes) },
    text: textOf(bytes, `${commit}:${path}`),
    files: await filesAt(folder, commit, path, scenario),
  }
}

async function commitOf(folder: string, ref: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  const found = await git(folder, args).catch((error: unknown) => {
    if (error instanceof GitFailed && error.code === 1) return undefined
    throw notGit(folder, error)
  })
  const commit = found?.toString('utf8').trim() ?? ''
  if (/^[0-9a-f]{40}$/.test(commit)) return commit
  throw usageError([
    {
      what: `${JSON.stringify(ref)} is no commit of ${folder}`,
      where: '--scenario-ref',
      expected: 'a commit, a tag or a branch that the checkout has',
      fix: `git -C ${folder} fetch, or name a commit that is there`,
    },
  ])
}

async function firstOf(folder: string, commit: string, scenario: string): Promise<string> {
  const candidates = workflowPaths(scenario)
  const listed = await list(folder, commit, candidates)
  const path = candidates.find((candidate) => listed.includes(candidate))
  if (path === undefined) throw noSuchScenario(scenario, `${folder} at ${commit}`, candidates)
  return path
}

async function filesAt(
  folder: string,
  commit: string,
  path: string,
  scenario: string,
): Promise<ReadonlyMap<string, string>> {
  const own = path.endsWith('/workflow.yaml')
    ? path.slice(0, -'workflow.yaml'.length)
    : besides(path, scenario)
  const files = new Map<string, string>()
  for (const file of await list(folder, commit, [own]))
    if (file !== path)
      files.set(file.slice(own.length), textOf(await show(folder, commit, file), `${commit}:${file}`))
  return files
}

function besides(path: string, scenario: string): string {
  return `${path.slice(0, -`${scenario}.yaml`.length)}${scenario}/`
}

async function list(folder: string, commit: string, paths: readonly string[]): Promise<string[]> {
  const tree = await git(folder, [
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    '--name-only',
    commit,
    '--',
    ...paths,
  ])
  return tree
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
}

async function show(folder: string, commit: string, path: string): Promise<Buffer> {
  return await git(folder, ['cat-file', 'blob', `${commit}:${path}`]).catch((error: unknown) => {
    if (error instanceof GitFailed && error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
      throw tooLarge(`${commit}:${path}`)
    throw notGit(folder, error)
  })
}

class GitFailed extends Error {
  readonly code: unknown

  constructor(code: unknown, stderr: string) {
    super(stderr)
    this.code = code
  }
}

function git(folder: string, args: readonly string[]): Promise<Buffer> {
  const options = {
    encoding: 'buffer',
    maxBuffer: maxFileBytes,
    timeout: timeoutMs,
    env: { ...withoutGit(process.env), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
  } as const
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', folder, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new GitFailed(error.code, stderr.toString('utf8').trim() || error.message))
    })
  })
}

/** A hook or another git that this process runs in would point git at its own repository. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')))
}

function notGit(folder: string, cause: unknown): SeiError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  return usageError([
    {
      what: `${folder} cannot be read by git (${reason})`,
      where: '--scenario-repo',
      expected: 'the folder of a git checkout, since --scenario-ref is given',
      fix: 'name a checkout, or leave --scenario-ref out to read the folder as it is',
    },
  ])
}
