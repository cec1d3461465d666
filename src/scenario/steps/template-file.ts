import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { KubeObject } from '../../contract/objects.ts'
import { errorText } from '../../errors/error-text.ts'
import { imageRoots } from '../own-package.ts'
import { goTemplate } from '../template/go-template.ts'
import { strictManifest } from '../template/strict-manifest.ts'
import { asTaskFailure, taskFailure } from './exit-reason.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where a path of our image is on this machine: as it stands where it exists, else below the first of `imageRoots` that has it. */
export function imagePath(path: string, env: Env): string {
  if (!isAbsolute(path) || existsSync(path)) return path
  const candidates = imageRoots(env).map((root) => join(root, path))
  return candidates.find((candidate) => existsSync(candidate)) ?? path
}

export interface TemplateSource {
  /** As it was given. */
  readonly path: string
  readonly text: string
}

/** Throws, as the scenario's own failure, where it cannot be read. */
export async function readTemplate(path: string, env: Env): Promise<TemplateSource> {
  try {
    return { path, text: await readFile(imagePath(path, env), 'utf8') }
  } catch (error) {
    throw taskFailure(`template ${path} cannot be read: ${errorText(error)}`, error)
  }
}

/** One object of `kind`, rendered and decoded strictly. What is wrong with it is the scenario's own failure. */
export function renderObject<T extends KubeObject>(
  { path, text }: TemplateSource,
  kind: string,
  vars: Readonly<Record<string, string>>,
): T {
  try {
    return strictManifest<T>(goTemplate(text, vars, path), kind, path)
  } catch (error) {
    throw asTaskFailure(error)
  }
}
