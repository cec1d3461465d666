import { existsSync, rmSync } from 'node:fs'
import { enableCompileCache, findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { defaults } from '../contract/defaults.ts'
import type { EmbeddedReady, EmbeddedRefusal, EmbeddedStart } from '../contract/embedded.ts'
import type { RunningCluster } from './cluster.ts'

/**
 * The embedded cluster's process: `node main.js '{"rate":200,"blockMs":100,"stateDir":"/tmp/x"}'`. Says so in one line of
 * JSON on stdout once it takes requests, or once the API server that it was given serves the Sei kinds. Ends on SIGTERM, and when the process that forked it is gone.
 */
async function main(): Promise<void> {
  const given = JSON.parse(process.argv[2] ?? '{}') as Partial<EmbeddedStart>
  const start: EmbeddedStart = {
    rate: given.rate ?? defaults.embeddedRate,
    blockMs: given.blockMs ?? defaults.embeddedBlockMs,
    clock: given.clock,
    stateDir: given.stateDir ?? process.cwd(),
    temporary: given.temporary,
    apiServer: given.apiServer,
    managed: given.managed,
    era: given.era,
    definitions: given.definitions,
    taskKinds: given.taskKinds,
    images: given.images,
    chaosMesh: given.chaosMesh,
  }
  cacheCompiledCode()
  const starting = import('./cluster.ts').then(({ startCluster }) => startCluster(start))
  endWith(starting, start)
  const { info, kubeconfigPath, clockUrl, started } = await starting.catch(refuse)
  const { server, ca = '', token = '' } = info
  const { rate } = start
  const ready: EmbeddedReady = { server, ca, token, kubeconfigPath, rate, clockUrl, pid: process.pid }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  await started
}

/** What the user gave is not good: that is said to whoever started this process, so that it can be told as such. */
async function refuse(error: unknown): Promise<never> {
  const { toWire } = await import('../errors/wire.ts')
  const refused = toWire(error)
  if (refused.class === 'usage') {
    const refusal: EmbeddedRefusal = { refused }
    process.stdout.write(`${JSON.stringify(refusal)}\n`)
  }
  throw error
}

/**
 * Keeps compiled modules where tools keep such things, `node_modules/.cache`: from the second start on it saves a third of
 * the time to the ready line. Everything but the entry is imported after this. Without that folder nothing is kept.
 */
function cacheCompiledCode(): void {
  const manifest = findPackageJSON(import.meta.url)
  if (manifest === undefined) return
  const [, parent] = /^(.*[\\/]node_modules)[\\/]/.exec(manifest) ?? []
  const folder = parent ?? join(dirname(manifest), 'node_modules')
  if (existsSync(folder)) enableCompileCache(join(folder, '.cache', 'vitest-environment-sei'))
}

/** Real milliseconds that an orderly end may take. */
const closeMs = 2_000

function endWith(starting: Promise<RunningCluster>, start: EmbeddedStart): void {
  // With its parent the cluster lost its purpose, and there is nobody to be orderly for.
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => {
    setTimeout(() => process.exit(1), closeMs).unref()
    void close(starting)
  })
  // Synchronous, so that it also happens when the process ends at once.
  process.on('exit', () => {
    if (start.apiServer !== undefined) return
    const path = start.temporary === true ? start.stateDir : join(start.stateDir, 'kubeconfig')
    rmSync(path, { force: true, recursive: true })
  })
}

async function close(starting: Promise<RunningCluster>): Promise<void> {
  try {
    const cluster = await starting
    await cluster.close()
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

await main()
