import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packInto } from './pack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A node_modules folder with this package as `npm pack` makes it, and one link for each of its dependencies. */
    packed: string
  }
}

/** Vitest globalSetup: packs what is in `dist` once for all e2e tests, so that they use what users would install. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sei packed '))
  project.provide('packed', await packInto(folder))
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
