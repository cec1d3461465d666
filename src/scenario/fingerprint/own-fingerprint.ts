import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalHash } from '../../contract/canonical.ts'
import { eras, type Era } from '../../contract/crds/eras.ts'
import { controllerCommits, imageLabels, type Fingerprint } from '../../contract/fingerprint.ts'
import {
  callerClusterRights,
  callerControllerRights,
  callerRights,
  taskRights,
} from '../../contract/scenario-rights.ts'
import { SeiError } from '../../errors/sei-error.ts'
import { imageRoots } from '../own-package.ts'
import { schemasHash, schemasOf } from './schema-hash.ts'
import { templatesHash, type Files } from './template-hash.ts'

/** What the templates of node tasks are called beside those of scenarios. */
const nodeTasks = 'node-tasks'

/** The folder that stands for `/` of our image: `SEITASK_ROOT`, else this package's own. */
function imageRoot(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const [root] = imageRoots(env)
  if (root !== undefined) return root
  throw new SeiError('this program was taken out of its package: its templates are not there', {
    class: 'infra',
    code: 'INTERNAL',
    hint: 'set SEITASK_ROOT to the folder that has scenarios/ and templates/',
  })
}

/** Templates of one scenario as they are in this image; none where it has no such scenario. */
export async function bakedTemplates(scenario: string, root: string = imageRoot()): Promise<Files> {
  return await templatesIn(join(root, 'scenarios', scenario))
}

async function templatesIn(folder: string): Promise<Files> {
  const names = await readdir(folder).catch(() => [])
  const templates = names.filter((name) => name.endsWith('.tmpl'))
  return new Map(
    await Promise.all(
      templates.map(async (name): Promise<[string, string]> => [
        name,
        await readFile(join(folder, name), 'utf8'),
      ]),
    ),
  )
}

/** What this package was built with. */
export async function ownFingerprint(root: string = imageRoot()): Promise<Fingerprint> {
  const definitions = Object.fromEntries(eras.map((era) => [era, schemasHash(schemasOf(era))]))
  const templates: Record<string, string> = {}
  for (const scenario of (await readdir(join(root, 'scenarios'))).toSorted()) {
    const files = await bakedTemplates(scenario, root)
    if (files.size > 0) templates[scenario] = templatesHash(files)
  }
  templates[nodeTasks] = templatesHash(await templatesIn(join(root, 'templates')))
  const rights = canonicalHash([taskRights, callerRights, callerClusterRights, callerControllerRights])
  return {
    definitions: definitions as Record<Era, string>,
    templates,
    rights,
    controller: controllerCommits.head,
  }
}

/** A fingerprint as the labels of an image. */
export function labelsOf({
  definitions,
  templates,
  rights,
  controller,
}: Fingerprint): Record<string, string> {
  const list = (hashes: Readonly<Record<string, string>>): string =>
    Object.entries(hashes)
      .map(([name, hash]) => `${name}=${hash}`)
      .join(',')
  return {
    [imageLabels.definitions]: list(definitions),
    [imageLabels.templates]: list(templates),
    [imageLabels.rights]: rights,
    [imageLabels.controller]: controller,
  }
}
