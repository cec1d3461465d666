import { accessSync, constants, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { refuse } from '../contract/checks.ts'
import { defaults } from '../contract/defaults.ts'
import type { Checked } from '../contract/problem.ts'
import { errorText } from '../errors/error-text.ts'

/** Makes the folder of one run below `runFolder`, which is relative to `root`; refuses one that cannot be written. */
export function makeRunFolder(root: string, runFolder: string | undefined, run: string): Checked<string> {
  const parent = resolve(root, runFolder ?? defaults.runFolder)
  const folder = resolve(parent, run)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return { ok: true, value: folder }
  } catch (error) {
    return refuse({
      what: `no run can be recorded in ${parent}: ${errorText(error)}`,
      where: 'option runFolder',
      expected: 'a folder that can be made and written, relative to the root of the Vitest project',
      fix: 'name another folder, or leave it out for ' + defaults.runFolder,
    })
  }
}
