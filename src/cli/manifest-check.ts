import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import { accept, refuse } from '../contract/checks.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Checked } from '../contract/problem.ts'
import { errorText } from '../errors/error-text.ts'
import { usageError } from '../errors/sei-error.ts'
import { checkManifests, type YamlFile, type RunFlags } from '../scenario/fingerprint/check-manifests.ts'
import { textOf, type CommandContext, type OptionSpecs } from './command.ts'
import { parseOptions } from './parse.ts'

/**
 * `workflow-run --check`: compares manifests with each other and with what scenarios need, without a cluster. `specs` are the
 * options of `workflow-run`, by which the CronJob's arguments are read. Throws a usage error with every disagreement.
 */
export async function runManifestCheck(
  { options, say, emit }: CommandContext,
  specs: OptionSpecs,
): Promise<number> {
  const [rbac, cronjob] = await Promise.all([fileOf(options['rbac']), fileOf(options['cronjob'])])
  if (rbac === undefined && cronjob === undefined) throw usageError([nothingToCheck])
  const problems = checkManifests({
    rbac,
    cronjob,
    controllerImage: textOf(options['controller-image']),
    parse: (args) => flagsOf(args, specs),
  })
  if (problems.length > 0) throw usageError(problems)
  const paths = [rbac, cronjob].flatMap((file) => (file === undefined ? [] : [file.path]))
  emit({ event: 'check', agree: true, files: paths })
  say(`${paths.join(' and ')} agree`)
  return exitCodes.passed
}

const nothingToCheck = {
  what: 'there is nothing to check',
  where: '--check',
  expected: '--rbac FILE, --cronjob FILE, or both',
  fix: 'name the manifests',
}

function flagsOf(args: readonly string[], specs: OptionSpecs): Checked<RunFlags> {
  const parsed = parseOptions(args, { name: 'workflow-run', options: specs })
  if (!parsed.ok) return parsed
  const { value } = parsed
  if (textOf(value['scenario']) === undefined)
    return refuse({ what: 'no scenario is named', where: '--scenario', expected: 'its name', fix: 'name it' })
  return accept({
    vars: value['var'] as Readonly<Record<string, string>>,
    scenarioRef: textOf(value['scenario-ref']),
    controllerImage: textOf(value['controller-image']),
  })
}

/** One YAML file, or several with commas between, as one. */
async function fileOf(value: CommandContext['options'][string]): Promise<YamlFile | undefined> {
  const path = textOf(value)
  if (path === undefined) return undefined
  const documents = await Promise.all(path.split(',').map(documentsOf))
  return { path, documents: documents.flat() }
}

async function documentsOf(path: string): Promise<unknown[]> {
  const refused = (what: string): Error =>
    usageError([
      { what, where: path, expected: 'a readable file of YAML', fix: 'correct the path or the file' },
    ])
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw refused(errorText(error))
  })
  return [...parseAllDocuments(text)].map((document) => {
    const [problem] = document.errors
    if (problem !== undefined) throw refused(problem.message)
    return document.toJS() as unknown
  })
}
