import { hash } from 'node:crypto'
import { SeiError, usageError } from '../../errors/sei-error.ts'
import { fetchFile, type FetchOptions } from './fetch-file.ts'
import { checkRef, commitPattern, noSuchScenario } from './ref.ts'
import { textOf, workflowPaths } from './scenario-file.ts'
import type { ScenarioSource } from './scenario-source.ts'

export interface GitHubOptions {
  /** Takes a branch or tag as `ref`; the commit it stands for is asked for first, read, and recorded. @default false */
  readonly allowBranch?: boolean | undefined
  /** Sent to the two addresses below and nowhere else. @default GITHUB_TOKEN of the environment */
  readonly token?: string | undefined
  /** @default https://raw.githubusercontent.com */
  readonly rawUrl?: string | undefined
  /** @default https://api.github.com */
  readonly apiUrl?: string | undefined
  /** For all requests together. @default 30000 */
  readonly fetchTimeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const maxNamedFiles = 20

/** Where a scenario of the Sei controller lies at that commit: `scenarios/<name>.yaml`, or a folder of its own. */
function paths(scenario: string): readonly string[] {
  return workflowPaths(scenario).slice(0, 2)
}

/**
 * Reads the Workflow file of a scenario as one raw file, and those of its folder that it names: raw files cannot be listed.
 */
export async function readFromGitHub(
  repo: string,
  scenario: string,
  ref: string | undefined,
  options: GitHubOptions,
): Promise<ScenarioSource> {
  const name = repositoryOf(repo)
  const { rawUrl = 'https://raw.githubusercontent.com', fetchTimeoutMs = 30_000 } = options
  const timeout = AbortSignal.timeout(fetchTimeoutMs)
  const token = (options.token ?? process.env['GITHUB_TOKEN']) || undefined
  const fetching: FetchOptions = { token, timeout, signal: options.signal, timeoutMs: fetchTimeoutMs }
  const commit = await commitOf(name, ref, options, fetching)
  const read = async (path: string): Promise<Uint8Array | undefined> =>
    await fetchFile(`${base(rawUrl)}/${name}/${commit}/${path}`, fetching)
  for (const path of paths(scenario)) {
    const bytes = await read(path)
    if (bytes === undefined) continue
    const text = textOf(bytes, `github.com/${name} ${commit}:${path}`)
    const origin = { scenario, repo: `github.com/${name}`, ref, commit, path, sha256: hash('sha256', bytes) }
    return { origin, text, files: await namedFiles(text, scenario, read) }
  }
  throw noSuchScenario(scenario, `github.com/${name} at ${commit}`, paths(scenario))
}

/** Files that steps find in their image at `/scenarios/<scenario>/`, and the repository in its folder of that name. */
async function namedFiles(
  text: string,
  scenario: string,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const named = text.matchAll(/\/scenarios\/([a-z0-9-]+)\/((?:[\w-][\w.-]*\/)*[\w-][\w.-]*)/g)
  const paths = new Set([...named].flatMap(([, folder, path = '']) => (folder === scenario ? [path] : [])))
  const files = new Map<string, string>()
  for (const path of [...paths].toSorted().slice(0, maxNamedFiles)) {
    const bytes = await read(`scenarios/${scenario}/${path}`)
    if (bytes !== undefined) files.set(path, textOf(bytes, path))
  }
  return files
}

/** `owner/name`. */
function repositoryOf(repo: string): string {
  const [, owner, name] =
    /^(?:https?:\/\/)?(?:www\.)?github\.com\/([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/.exec(
      repo.replace(/\/$/, '').replace(/\.git$/, ''),
    ) ?? []
  if (owner !== undefined && name !== undefined && !/^\.+$/.test(name)) return `${owner}/${name}`
  throw usageError([
    {
      what: `${JSON.stringify(repo)} is not a repository of GitHub`,
      where: '--scenario-repo',
      expected: 'github.com/<owner>/<repo>',
      fix: 'write owner and name, and nothing after them',
    },
  ])
}

async function commitOf(
  name: string,
  ref: string | undefined,
  options: GitHubOptions,
  fetching: FetchOptions,
): Promise<string> {
  if (ref !== undefined && commitPattern.test(ref)) return ref
  if (ref !== undefined) checkRef(ref)
  if (ref === undefined || options.allowBranch !== true) throw notPinned(ref)
  const { apiUrl = 'https://api.github.com' } = options
  const url = `${base(apiUrl)}/repos/${name}/commits/${encodeURIComponent(ref)}`
  const bytes = await fetchFile(url, fetching, { accept: 'application/vnd.github.sha' })
  if (bytes === undefined)
    throw usageError([
      {
        what: `github.com/${name} has no ref ${JSON.stringify(ref)}, or may not be read`,
        where: '--scenario-ref',
        expected: 'a branch, tag or commit of the repository',
        fix: 'correct the ref; of a private repository set GITHUB_TOKEN',
      },
    ])
  const commit = new TextDecoder().decode(bytes).trim()
  if (commitPattern.test(commit)) return commit
  throw new SeiError(`${new URL(url).host} answered no commit for ${JSON.stringify(ref)}`, {
    class: 'infra',
    code: 'SCENARIO_FETCH',
    hint: 'name the commit by its 40 hex digits',
  })
}

function notPinned(ref: string | undefined): Error {
  return usageError([
    {
      what: ref === undefined ? 'no ref is given' : `${JSON.stringify(ref)} is not a full commit`,
      where: '--scenario-ref',
      expected: 'a commit of 40 lower-case hex digits: a branch would make two runs differ unseen',
      fix: ref === undefined ? 'name the commit' : 'name the commit, or add --allow-branch',
    },
  ])
}

function base(url: string): string {
  return url.replace(/\/+$/, '')
}
