import { mkdir, readdir, rename, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

export const repository: string = join(import.meta.dirname, '..', '..')

/** Packs what is in `dist` into `folder`; resolves to the tarball's path. */
export async function pack(folder: string): Promise<string> {
  const { stdout } = await execa(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: repository,
    },
  )
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }]
  return join(folder, filename)
}

/**
 * Packs what is in `dist` and unpacks it in `folder`; resolves to a node_modules folder with this package as users would
 * install it, and one link for each of its dependencies.
 */
export async function packInto(folder: string): Promise<string> {
  await execa('tar', ['-xzf', await pack(folder)], { cwd: folder })
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  await rename(join(folder, 'package'), join(modules, 'vitest-environment-sei'))
  // Dependencies and Vitest as links, so that there is one copy of each.
  const installed = join(repository, 'node_modules')
  for (const name of await readdir(installed)) {
    if (!name.startsWith('.')) await symlink(join(installed, name), join(modules, name))
  }
  return modules
}
