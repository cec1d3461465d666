import type { TaskContext, TaskHandler, Running } from './handler.ts'
import { heightParam, isDownWithin, pollPause, statusOf } from './local-seid.ts'
import * as read from './params.ts'

/** Simulated ms. */
const gracefulMs = 90_000
const servingMs = 300_000
const servingPollMs = 1_000
const conditionPollMs = 100
const actionGraceMs = 30_000

/** Tasks that work on a node which runs: its process, its height, its peers, its data. */
export const nodeTasks: Readonly<Record<string, TaskHandler>> = {
  'stop-seid': { durationMs: 100, run: (_params, context, running) => stopSeid(context, running) },
  'restart-seid': { durationMs: 100, run: restartSeid },
  'reset-data': { durationMs: 100, run: resetData },
  'await-condition': { durationMs: 0, check: checkCondition, run: awaitCondition },
  'discover-peers': { durationMs: 200, check: (params) => void peersOf(params), run: discoverPeers },
}

/** SIGTERM and nothing stronger: a process that outlives it may still be writing. One that is down is success. */
async function stopSeid({ seid, clock }: TaskContext, { signal }: Running): Promise<void> {
  if (seid.up.isOpen()) seid.signal('SIGTERM')
  if (!(await isDownWithin(seid, clock, gracefulMs, signal)))
    throw new Error(`seid did not exit within ${gracefulMs / 1_000}s of SIGTERM`)
}

/** Done when the RPC answers again, which says nothing about being caught up. The gate stays as it is. */
async function restartSeid(_params: read.Params, context: TaskContext, running: Running): Promise<void> {
  await stopSeid(context, running)
  const { clock, seid } = context
  for (let waitedMs = 0; waitedMs < servingMs;) {
    if ((await statusOf(seid, running.signal)) !== undefined) return
    waitedMs += await pollPause(clock, servingPollMs, running.signal)
  }
  throw new Error(`seid RPC did not come back within ${servingMs / 1_000}s`)
}

/** Empties the block store; keys, configuration and genesis stay. */
async function resetData(
  _params: read.Params,
  { files, seid }: TaskContext,
  { signal }: Running,
): Promise<{ wipedBytes: number }> {
  if ((await statusOf(seid, signal)) !== undefined)
    throw new Error('seid RPC still answers: refusing to wipe the data of a running node')
  if (files.home !== undefined) {
    files.home.height = 0
    delete files.home.storedHeight
    delete files.home.upgradeInfo
    delete files.home.base
  }
  // What a simulated store takes on disk is not known.
  return { wipedBytes: -1 }
}

function checkCondition(params: read.Params): void {
  const condition = read.text(params, 'condition')
  if (condition === 'height') heightParam(params, 'targetHeight')
  else if (condition !== 'catchingUp') throw new Error(`unknown condition ${JSON.stringify(condition)}`)
  const action = read.optionalText(params, 'action') ?? ''
  if (action !== '' && action !== 'SIGTERM_SEID') throw new Error(`unknown action ${JSON.stringify(action)}`)
}

/** Has no deadline of its own, and waits on through times when the RPC does not answer. */
async function awaitCondition(
  params: read.Params,
  { clock, seid }: TaskContext,
  { signal }: Running,
): Promise<void> {
  const target = params['condition'] === 'height' ? heightParam(params, 'targetHeight') : undefined
  for (;;) {
    const status = await statusOf(seid, signal)
    const met = target === undefined ? isCaughtUp(status) : (status?.height ?? 0) >= target
    if (met) break
    await pollPause(clock, conditionPollMs, signal)
  }
  if (params['action'] !== 'SIGTERM_SEID') return
  seid.signal('SIGTERM')
  if (!(await isDownWithin(seid, clock, actionGraceMs, signal))) seid.signal('SIGKILL')
}

function isCaughtUp(status: Awaited<ReturnType<typeof statusOf>>): boolean {
  return status !== undefined && !status.catchingUp && status.height > 1
}

/** Writes the persistent peers into the node's configuration: its seid reads them at its next start. */
function discoverPeers(params: read.Params, { files }: TaskContext): { peers: string[] } {
  const peers = peersOf(params)
  if (peers.length === 0) throw new Error('no peers found: config.toml is left as it is')
  files.persistentPeers = peers
  return { peers }
}

/** Sources of type `ec2Tags` name instances of a cloud that is not here. */
function peersOf(params: read.Params): string[] {
  const sources = read.objectList(params, 'sources')
  if (sources.length === 0) throw new Error('missing required parameter sources')
  return [...new Set(sources.flatMap((source) => read.stringList(source, 'addresses')))].toSorted()
}
