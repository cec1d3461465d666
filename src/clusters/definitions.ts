import { resolve } from 'node:path'
import { eras, type Era } from '../contract/crds/eras.ts'
import { usageError } from '../errors/sei-error.ts'

/** Which definitions a simulated cluster gets: an era's, or those in a folder. */
export interface ChosenDefinitions {
  readonly era?: Era
  /** Absolute path. */
  readonly definitions?: string
}

/**
 * Understands the option `definitions`: the name of an era, else the path of a folder, relative to the working directory.
 * Throws BAD_OPTIONS, before anything is started, for a folder that has not what a cluster needs.
 */
export async function chooseDefinitions(named: string | undefined): Promise<ChosenDefinitions> {
  if (named === undefined || named === '') return {}
  const era = eras.find((name) => name === named)
  if (era !== undefined) return { era }
  const definitions = resolve(named)
  const { readDefinitions } = await import('../kube/read-definitions.ts')
  const read = await readDefinitions(definitions)
  if (!read.ok) throw usageError(read.problems, 'BAD_OPTIONS')
  return { definitions }
}

/** What the description of a cluster says of them; nothing for those of today. */
export function definitionsNote({ era, definitions = era }: ChosenDefinitions): string {
  return definitions === undefined || definitions === 'head' ? '' : `, definitions of ${definitions}`
}
