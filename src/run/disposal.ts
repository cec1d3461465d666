import { join } from 'node:path'
import { defaults } from '../contract/defaults.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import type { DeletePermit, Seal } from '../contract/seal.ts'
import { captureEvidence } from '../evidence/capture.ts'
import type { Feed } from './feed.ts'
import type { Ledger } from './ledger.ts'
import type { NetworkEntry } from './network-pool.ts'
import type { OpenedCluster } from './opened-cluster.ts'
import type { Outcomes } from './outcomes.ts'
import type { RunAccounts } from './run-accounts.ts'
import type { RunHandles } from './run-handles.ts'
import type { RunTerminations } from './run-terminations.ts'
import { errorText } from '../errors/error-text.ts'

export interface DisposalOptions {
  readonly folder: string
  readonly feed: Feed
  readonly outcomes: Outcomes
  readonly ledger: Ledger
  readonly accounts: RunAccounts
  readonly handles: RunHandles
  readonly terminations: RunTerminations
  /** Aborted once a signal came: captures get the short budget. */
  readonly cancelled: AbortSignal
}

/** How long the sweep waits for what it found to go, in ms. */
const sweepMs = 30_000

/** Label of the capture that precedes deletion. */
export const finalCapture = 'final'

/** The end of networks: evidence first, then deletion, and an account of both. */
export class Disposal {
  readonly #options: DisposalOptions
  readonly #captured = new Set<string>()

  constructor(options: DisposalOptions) {
    this.#options = options
  }

  /** Keeps what there is of an entry's networks and nodes, in a folder of its own. Throws CAPTURE_FAILED. */
  capture({ cluster }: OpenedCluster, entry: NetworkEntry, label: string): Promise<Seal> {
    const folder = this.#unusedFolder(entry, label)
    const { handles, terminations, cancelled } = this.#options
    return captureEvidence({
      kube: cluster.kube,
      ...handles.of(entry),
      traces: entry.provisioned?.traces ?? [],
      terminations: terminations.of(entry),
      failure: entry.failure ?? (entry.loss.signal.aborted ? entry.loss.signal.reason : undefined),
      folder,
      budgetMs: cancelled.aborted ? defaults.captureAfterSignalMs : defaults.captureBudgetMs,
      secrets: entry.provisioned === undefined ? [] : [entry.provisioned.admin.privateKey],
    })
  }

  /** Where a capture goes that is the first of its label. */
  folderOf(entry: NetworkEntry, label: string): string {
    return join(this.#options.folder, 'evidence', entry.name, label)
  }

  /** Captures, then deletes, everything of an entry. Records what goes wrong; resolves to whether all of it went. */
  async dispose(opened: OpenedCluster, entry: NetworkEntry): Promise<boolean> {
    const { feed, outcomes, handles, accounts } = this.#options
    try {
      accounts.saw(await opened.closures.owned(sweepMs))
    } catch (error) {
      // It may answer again by the time that evidence is kept.
      outcomes.add('noVerdict', `what belongs to ${entry.name} could not be listed: ${errorText(error)}`)
    }
    const permit = await this.#permit(opened, entry)
    feed.emit({ type: 'network', network: entry.name, state: 'deleting' })
    const { nodes, networks } = handles.of(entry)
    const deletions = [...nodes, ...networks].map((handle) => this.delete(handle, permit))
    const results = await Promise.allSettled(deletions)
    const failures = results.filter((result) => result.status === 'rejected')
    for (const { reason } of failures) outcomes.add('noVerdict', errorText(reason))
    handles.forgetEntry(entry)
    if (handles.empty) await opened.namespaces.deleteAll(sweepMs)
    return failures.length === 0
  }

  /** Captures alone: the cluster is gone, and there is nothing left to delete. */
  async keep(opened: OpenedCluster, entry: NetworkEntry): Promise<void> {
    await this.#permit(opened, entry)
    this.#options.handles.forgetEntry(entry)
  }

  /** Deletes, by the wish of a test, what nobody will have seen when the run ends. */
  async deleteEarly(
    { closures }: OpenedCluster,
    handle: NetworkHandle | NodeHandle,
    permit: DeletePermit,
  ): Promise<void> {
    this.#options.accounts.saw(await closures.owned(sweepMs))
    await this.delete(handle, permit)
  }

  async delete(handle: NetworkHandle | NodeHandle, permit: DeletePermit): Promise<void> {
    const { name, namespace } = handle
    const { kind } = 'validators' in handle ? seiNetworks : seiNodes
    await handle.delete(permit)
    if (permit.kind === 'waiver') this.#options.accounts.waived(`${kind} ${name}`, permit.reason)
    this.#options.ledger.deleted(kind, { name, namespace })
  }

  /** Deletes whatever else carries the run's label, and accounts for what stays. Rejects when the API cannot be asked. */
  async sweep({ client, closures, namespaces }: OpenedCluster): Promise<void> {
    const { accounts } = this.#options
    // Also what is gone by now: tests delete, and others may.
    accounts.existed(this.#options.ledger.existed)
    const strays = await closures.standing(sweepMs)
    accounts.saw(strays)
    accounts.unreadable(closures.unreadable)
    const permit: DeletePermit = { kind: 'waiver', reason: 'found by the sweep of the run label' }
    await Promise.allSettled(
      strays.map(async ({ type, name, namespace }) => {
        if (type === seiNetworks) await this.delete(await client.getNetwork(name, namespace), permit)
        if (type === seiNodes) await this.delete(await client.getNode(name, namespace), permit)
      }),
    )
    await namespaces.deleteAll(sweepMs)
    accounts.left(await closures.waitGone(sweepMs))
  }

  /** Each capture has a folder of its own: several files may use one label on the network they share. */
  #unusedFolder(entry: NetworkEntry, label: string): string {
    const first = this.folderOf(entry, label)
    let folder = first
    for (let count = 2; this.#captured.has(folder); count += 1) folder = `${first}-${count}`
    this.#captured.add(folder)
    return folder
  }

  async #permit(opened: OpenedCluster, entry: NetworkEntry): Promise<DeletePermit> {
    const { feed, outcomes, accounts } = this.#options
    feed.emit({ type: 'network', network: entry.name, state: 'capturing' })
    try {
      const seal = await this.capture(opened, entry, finalCapture)
      accounts.sealed(entry.name, seal)
      if (seal.missing.length > 0) {
        const items = seal.missing.map(({ item, reason }) => `${item} (${reason})`)
        outcomes.add('noVerdict', `evidence of ${entry.name} is incomplete: ${items.join(', ')}`)
      }
      feed.emit({ type: 'network', network: entry.name, state: 'sealed', detail: `${seal.items} items` })
      return seal
    } catch (error) {
      const reason = `capture failed: ${errorText(error)}`
      outcomes.add('noVerdict', `evidence of ${entry.name} is lost: ${reason}`)
      return { kind: 'waiver', reason }
    }
  }
}
