import { mkdir, rm } from 'node:fs/promises'
import { toWire } from '../../errors/wire.ts'
import type { SimulatedCluster } from '../simulated.ts'
import type { KeeperAnswer, KeeperStart } from './keeper.ts'
import { identify, type ProcessIdentity } from './process-identity.ts'
import { dataFolder, readRecord, writeRecord, type ClusterRecord } from './record.ts'

/**
 * The process that a named cluster lives and dies with. It ends on SIGTERM, when its time is over, and when the process
 * that started it goes away before the cluster is ready; each of these removes the cluster's folder. When the cluster
 * goes away on its own it writes down why, and leaves that to whoever asks next.
 */
async function main(): Promise<void> {
  const start = JSON.parse(process.argv[2] ?? '') as KeeperStart
  const self = await identify(process.pid)
  if (self === undefined) throw new Error('the system does not tell when this process began')
  const keeper = new Keeper(start, self)
  process.exitCode = await keeper.run()
  // What the cluster's connection still holds must not keep the process.
  process.exit()
}

/** Longest time without a look at the wall clock: timers stand still while a machine sleeps. */
const lookMs = 30_000

class Keeper {
  readonly #start: KeeperStart
  readonly #stop = new AbortController()
  #record: ClusterRecord
  #answered = false

  constructor(start: KeeperStart, self: ProcessIdentity) {
    const { name, mode, rate, blockMs, clock, definitions, images, chaosMesh, ttlMs } = start
    this.#start = start
    const startedAt = new Date().toISOString()
    const known = { name, mode, rate, blockMs, clock, definitions, images, chaosMesh, startedAt }
    this.#record = { ...known, state: 'starting', keeper: self, endsAt: inMs(ttlMs) }
  }

  async run(): Promise<number> {
    this.#listen()
    try {
      await this.#write({})
      const cluster = await this.#open()
      await this.#write({
        state: 'ready',
        // A start has time limits of its own.
        endsAt: inMs(this.#start.ttlMs),
        cluster: await identify(cluster.pid),
        kubeconfigPath: cluster.kubeconfigPath,
        server: cluster.info.server,
        clockUrl: cluster.clockUrl,
      })
      this.#answer({ ready: true })
      return await this.#keep(cluster)
    } catch (error) {
      this.#answer({ error: toWire(error) })
      log(String(error))
      await this.#remove()
      return 1
    }
  }

  #listen(): void {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => this.#end(`told to by ${name}`))
    // Of a terminal that it does not belong to.
    process.on('SIGHUP', () => undefined)
    process.on('disconnect', () => {
      if (!this.#answered) this.#end('who started it is gone')
    })
    if (!process.connected) this.#end('who started it is gone')
  }

  #end(why: string): void {
    if (this.#stop.signal.aborted) return
    log(`ends: ${why}`)
    this.#stop.abort()
  }

  async #open(): Promise<SimulatedCluster> {
    const { mode, rate, blockMs, clock, folder, definitions, images, chaosMesh } = this.#start
    const stateDir = dataFolder(folder)
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
    const options = {
      rate,
      blockMs,
      clock,
      definitions,
      images,
      chaosMesh,
      stateDir,
      signal: this.#stop.signal,
    }
    if (mode === 'envtest') return (await import('../envtest.ts')).startEnvtest(options)
    return (await import('../embedded.ts')).startEmbedded(options)
  }

  /** Ends when the time that was written down has come. The timer is also what keeps this process alive. */
  #watchTime(): void {
    const left = Date.parse(this.#record.endsAt) - Date.now()
    if (left <= 0) this.#end('its time is over')
    else if (!this.#stop.signal.aborted) setTimeout(() => this.#watchTime(), Math.min(left, lookMs))
  }

  /** Until it is told to end, its time is over, or the cluster is gone. */
  async #keep(cluster: SimulatedCluster): Promise<number> {
    log(`ready: ${cluster.describe()}`)
    this.#watchTime()
    const { signal } = this.#stop
    const told = new Promise<undefined>((resolve) => {
      if (signal.aborted) resolve(undefined)
      signal.addEventListener('abort', () => resolve(undefined))
    })
    const lost = await Promise.race([told, cluster.exited])
    await cluster.close()
    if (lost === undefined) {
      await this.#remove()
      return 0
    }
    log(lost.message)
    await this.#write({ state: 'lost', why: lost.message })
    return 2
  }

  async #write(change: Partial<ClusterRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change }
    await writeRecord(this.#start.folder, this.#record)
  }

  #answer(answer: KeeperAnswer): void {
    if (this.#answered) return
    this.#answered = true
    // Who waited for it may be gone by now.
    process.send?.(answer, undefined, undefined, () => process.connected && process.disconnect())
  }

  /** Only what is its own: whoever starts the next cluster by that name may have begun. */
  async #remove(): Promise<void> {
    const { folder } = this.#start
    const { keeper } = this.#record
    const found = await readRecord(folder)
    if (found?.keeper.pid !== keeper.pid || found.keeper.born !== keeper.born) return
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

function log(line: string): void {
  console.error(`${new Date().toISOString()} ${line}`)
}

await main()
