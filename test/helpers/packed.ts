import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with this package as `npm pack` makes it, unpacked. */
    packed: string
  }
}

export const repository: string = join(import.meta.dirname, '..', '..')

/** Vitest globalSetup: packs what is in `dist` once for all e2e tests, so that they use what users would install. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sei-packed-'))
  const { stdout } = await execa(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: repository,
    },
  )
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }]
  await execa('tar', ['-xzf', filename], { cwd: folder })
  const { name } = JSON.parse(await readFile(join(folder, 'package', 'package.json'), 'utf8')) as {
    name: string
  }
  if (name !== 'vitest-environment-sei') throw new Error(`packed ${name}`)
  project.provide('packed', join(folder, 'package'))
  return () => rm(folder, { recursive: true, force: true })
}
