import { hash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { usageError } from '../../errors/sei-error.ts'
import {
  checkScenarioName,
  maxFileBytes,
  namedByLabel,
  textOf,
  tooLarge,
  workflowPaths,
} from './scenario-file.ts'
import type { ScenarioSource } from './scenario-source.ts'

const maxFiles = 200

/** Reads `<folder>/scenarios/<scenario>.yaml` or one of its other places. Throws a usage error where there is none. */
export async function readFromFolder(folder: string, scenario: string): Promise<ScenarioSource> {
  for (const path of workflowPaths(scenario)) {
    const file = join(folder, path)
    if (!(await isFile(file))) continue
    return await readOf(file, { repo: folder, path, scenario })
  }
  throw notFound(`the scenario ${scenario} is not in ${folder}`, folder, workflowPaths(scenario))
}

/** Reads the Workflow file at `path`, or `workflow.yaml` of the folder that it names. */
export async function readFromPath(path: string): Promise<ScenarioSource> {
  const given = resolve(path)
  const inside = join(given, 'workflow.yaml')
  const file = (await isFile(inside)) ? inside : given
  if (!(await isFile(file)))
    throw notFound(`there is no file ${given}`, path, ['<name>.yaml', '<name>/workflow.yaml'])
  const text = textOf(await readFile(file), path)
  const scenario = namedByLabel(text) ?? nameOf(file)
  checkScenarioName(scenario, path)
  return await readOf(file, { repo: dirname(file), path: basename(file), scenario })
}

function nameOf(file: string): string {
  const name = basename(file).replace(/\.ya?ml$/, '')
  return name === 'workflow' ? basename(dirname(file)) : name
}

async function readOf(
  file: string,
  origin: { readonly repo: string; readonly path: string; readonly scenario: string },
): Promise<ScenarioSource> {
  if ((await stat(file)).size > maxFileBytes) throw tooLarge(file)
  const bytes = await readFile(file)
  const own = basename(file) === 'workflow.yaml' ? dirname(file) : join(dirname(file), origin.scenario)
  return {
    origin: { ...origin, sha256: hash('sha256', bytes) },
    text: textOf(bytes, file),
    files: await filesIn(own, file),
  }
}

/** All text files below a scenario's own folder but its Workflow; none where it has no folder. */
async function filesIn(folder: string, except: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => [])
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== except)
    .toSorted()
  if (paths.length > maxFiles)
    throw notFound(`${folder} has ${paths.length} files`, folder, [`a folder of at most ${maxFiles} files`])
  const files = new Map<string, string>()
  for (const path of paths)
    files.set(relative(folder, path).split(sep).join('/'), textOf(await readFile(path), path))
  return files
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

function notFound(what: string, where: string, expected: readonly string[]): Error {
  return usageError([
    { what, where, expected: expected.join(' or '), fix: 'correct the name, the path or the repository' },
  ])
}
