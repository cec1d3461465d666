import { existsSync, writeFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { wireNetwork, wireNode } from '../client/wire.ts'
import type { WaitOptions } from '../contract/handles.ts'
import { usageError } from '../errors/sei-error.ts'
import { createRedactor } from '../evidence/redact.ts'
import type { CallTable } from './calls.ts'
import { finalCapture } from './disposal.ts'
import type { RunCluster } from './run-cluster.ts'

/** The verbs of the lease API over the run's cluster. What they create belongs to the lease's network. */
export function callTable(cluster: RunCluster): CallTable {
  const at = (name: string, namespace: string | undefined): [string, string?] =>
    namespace === undefined ? [name] : [name, namespace]
  return {
    refreshNetwork: async (_, { name, namespace }) =>
      (await (await cluster.client()).getNetwork(name, namespace)).refresh(),
    refreshNode: async (_, { name, namespace }) =>
      (await (await cluster.client()).getNode(name, namespace)).refresh(),
    getNetwork: async (_, { name, namespace }) =>
      wireNetwork(await (await cluster.client()).getNetwork(...at(name, namespace))),
    getNode: async (_, { name, namespace }) =>
      wireNode(await (await cluster.client()).getNode(...at(name, namespace))),
    createNetwork: async (lease, { spec }) => wireNetwork(await cluster.objects.createNetwork(lease, spec)),
    createNode: async (lease, { spec }) => wireNode(await cluster.objects.createNode(lease, spec)),
    waitNodeReady: async ({ entry }, { name, namespace, timeoutMs }, signal) => {
      const node = await cluster.objects.node(entry, { name, namespace })
      return node.waitReady(waitOptions(timeoutMs, entry.loss.signal, signal))
    },
    waitNetworkReady: async ({ entry }, { name, namespace, timeoutMs }, signal) => {
      const network = await cluster.objects.network(entry, { name, namespace })
      return network.waitReady(waitOptions(timeoutMs, entry.loss.signal, signal))
    },
    task: (lease, { operation, args }, signal) => cluster.tasks.call(lease, operation, args, signal),
    runWorkflow: (lease, args, signal) => cluster.workflows.call(lease, args, signal),
    deleteNode: async (lease, { name, namespace, reason }) => {
      await cluster.objects.deleteNode(lease, { name, namespace }, reason)
      return null
    },
    deleteNetwork: async (lease, { name, namespace, reason }) => {
      await cluster.objects.deleteNetwork(lease, { name, namespace }, reason)
      return null
    },
    expectDisruption: async (lease, options) => ({ id: cluster.expectations.openDisruption(lease, options) }),
    expectHalt: async (lease, options) => ({ id: cluster.expectations.openHalt(lease, options) }),
    haltVerdict: (lease, { id }, signal) => cluster.expectations.verdict(lease, id, signal),
    closeExpectation: async (lease, { id }) => {
      cluster.expectations.close(lease, id)
      return null
    },
    captureEvidence: async ({ entry }, { label }) => {
      const { folder, manifestSha256, missing } = await cluster.capture(entry, checkedLabel(label))
      return { folder, manifestSha256, missing }
    },
    attachEvidence: async ({ entry }, { name, text }) => {
      const folder = cluster.makeFolder('attachments')
      const path = unusedPath(folder, checkedName(name, 'attach(name, …)'))
      const secrets = entry.provisioned === undefined ? [] : [entry.provisioned.admin.privateKey]
      writeFileSync(path, createRedactor(secrets).text(text))
      return { path }
    },
  }
}

/** `notes.txt`, or `notes-2.txt` where that is taken, and so on: no file's attachment replaces another's. */
function unusedPath(folder: string, name: string): string {
  const { name: stem, ext } = parse(name)
  let path = join(folder, name)
  for (let count = 2; existsSync(path); count += 1) path = join(folder, `${stem}-${count}${ext}`)
  return path
}

function checkedLabel(label: string): string {
  if (label !== finalCapture) return checkedName(label, 'capture(label)')
  throw usageError([
    {
      what: `${finalCapture} is the label of the capture that precedes deletion`,
      where: 'capture(label)',
      expected: 'any other label',
      fix: 'say in it what the test has done so far',
    },
  ])
}

function waitOptions(timeoutMs: number | undefined, ...signals: readonly AbortSignal[]): WaitOptions {
  return { signal: AbortSignal.any([...signals]), ...(timeoutMs === undefined ? {} : { timeoutMs }) }
}

/** A name that becomes a file or folder of its own, and nothing else. */
function checkedName(name: string, where: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name)) return name
  throw usageError([
    {
      what: `${JSON.stringify(name)} cannot be a file name`,
      where,
      expected:
        'letters, digits, dots, dashes and underscores, at most 101 of them, beginning with a letter or digit',
      fix: 'choose a plain name; the folder is chosen by the run',
    },
  ])
}
