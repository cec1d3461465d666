import { resolve } from 'node:path'
import { usageError } from '../../errors/sei-error.ts'
import { ownPackageFolder } from '../own-package.ts'
import { readFromFolder, readFromPath } from './folder-source.ts'
import { readFromGit } from './git-source.ts'
import { readFromGitHub, type GitHubOptions } from './github-source.ts'
import { checkScenarioName } from './scenario-file.ts'
import type { ScenarioSource } from './scenario-source.ts'

export interface ReadScenarioOptions extends GitHubOptions {
  /** Name of a scenario; or, where no `repo` is given, the path of a Workflow file or of its folder. */
  readonly scenario: string
  /** `github.com/<owner>/<repo>`, or a folder. @default this package, with its own scenarios */
  readonly repo?: string | undefined
  /**
   * A commit of 40 hex digits; in a local checkout also a branch or tag, on GitHub only with `allowBranch`. Left out, a
   * folder is read as it is; of GitHub it is required.
   */
  readonly ref?: string | undefined
}

/**
 * Reads a scenario: the text of its Workflow, where it came from with commit and hash, and the files beside it where the
 * source can list them. Nothing in it is looked at yet but its label with the scenario's name.
 * @throws SeiError of class `usage` where options name nothing that exists, `infra` where it could not be fetched
 */
export async function readScenario(options: ReadScenarioOptions): Promise<ScenarioSource> {
  const { scenario, repo, ref } = options
  if (repo === undefined && ref !== undefined) throw refWithoutRepo(ref)
  if (repo === undefined && isPath(scenario)) return await readFromPath(scenario)
  checkScenarioName(scenario, '--scenario')
  if (repo === undefined) return await readFromFolder(ownPackageFolder() ?? '.', scenario)
  if (isGitHub(repo)) return await readFromGitHub(repo, scenario, ref, options)
  if (repo === '' || /^[a-z][a-z0-9+.-]*:\/\/|^git@/.test(repo)) throw unknownRepo(repo)
  const folder = resolve(repo)
  return ref === undefined ? await readFromFolder(folder, scenario) : await readFromGit(folder, scenario, ref)
}

/** Anything with a slash, or that names a YAML file, is a path; names of scenarios have neither. */
export function isPath(scenario: string): boolean {
  return /[/\\]|\.ya?ml$|^\.{1,2}$/.test(scenario)
}

/** Whether a repository is one of GitHub, and no folder. */
export function isGitHub(repo: string): boolean {
  return /^(https?:\/\/)?(www\.)?github\.com(\/|$)/.test(repo)
}

function refWithoutRepo(ref: string): Error {
  return usageError([
    {
      what: `the ref ${JSON.stringify(ref)} has no repository`,
      where: '--scenario-ref',
      expected: '--scenario-repo beside it: a git checkout or github.com/<owner>/<repo>',
      fix: 'name the repository, or leave the ref out for a scenario of this package',
    },
  ])
}

function unknownRepo(repo: string): Error {
  return usageError([
    {
      what: `${JSON.stringify(repo)} is not a repository that can be read`,
      where: '--scenario-repo',
      expected: 'github.com/<owner>/<repo>, or the folder of a checkout',
      fix: 'clone other repositories and name the folder',
    },
  ])
}
