import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { parseDocblock } from '../contract/docblock.ts'
import type { Problem } from '../contract/problem.ts'
import { resolveSpec } from '../contract/resolve-spec.ts'
import type { PluginOptions, ResolvedSpec } from '../contract/spec.ts'

export interface TestFile {
  /** Absolute path. */
  readonly file: string
  readonly project: string
  readonly options: PluginOptions
}

export interface FileSpecs {
  /** By `fileKey(project, file)`. */
  readonly specs: ReadonlyMap<string, ResolvedSpec>
  /** Specs of files that import this package, so probably want a network: worth starting before they ask. */
  readonly wanted: readonly ResolvedSpec[]
  readonly problems: readonly Problem[]
}

/** The same file may run in several projects, with options of its own in each. */
export function fileKey(project: string, file: string): string {
  return `${project}\n${file}`
}

/** What `fileKey` was made of. */
export function filePlace(key: string): { readonly project: string; readonly file: string } {
  const at = key.indexOf('\n')
  return { project: key.slice(0, at), file: key.slice(at + 1) }
}

/** Reads each file's docblock and merges it over its project's options. Nothing is created before this has succeeded. */
export async function readFileSpecs(files: readonly TestFile[], root: string): Promise<FileSpecs> {
  const specs = new Map<string, ResolvedSpec>()
  const wanted: ResolvedSpec[] = []
  const problems: Problem[] = []
  await Promise.all(
    files.map(async ({ file, project, options }) => {
      const text = await readFile(file, 'utf8')
      const where = relative(root, file)
      const docblock = parseDocblock(text, where)
      if (!docblock.ok) {
        problems.push(...docblock.problems)
        return
      }
      const resolved = resolveSpec(options, docblock.value, where)
      if (!resolved.ok) problems.push(...resolved.problems)
      else {
        specs.set(fileKey(project, file), resolved.value)
        if (/['"]vitest-environment-sei\/test['"]/.test(text)) wanted.push(resolved.value)
      }
    }),
  )
  return { specs, wanted, problems }
}
