import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A node_modules folder with this package as `npm pack` makes it, and one link for each of its dependencies. */
    packed: string
  }
}

export const repository: string = join(import.meta.dirname, '..', '..')

/** Vitest globalSetup: packs what is in `dist` once for all e2e tests, so that they use what users would install. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sei packed '))
  const { stdout } = await execa(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: repository,
    },
  )
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }]
  await execa('tar', ['-xzf', filename], { cwd: folder })
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  await rename(join(folder, 'package'), join(modules, 'vitest-environment-sei'))
  // Dependencies and Vitest as links, so that there is one copy of each.
  const installed = join(repository, 'node_modules')
  for (const name of await readdir(installed)) {
    if (!name.startsWith('.')) await symlink(join(installed, name), join(modules, name))
  }
  project.provide('packed', modules)
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
