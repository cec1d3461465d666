/**
 * `node test/check-captures.ts <folder of captures>`: has the parsers read every recording of real nodes, controllers and clusters below
 * `seid/`, `controller/` and `kind/`, and prints what each file gave. Ends with 1 when a parser throws, when a file gives
 * nothing that is not known to hold nothing for them, or when a verdict is another than what happened.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseAllDocuments } from 'yaml'
import { nodeFailure } from '../src/client/plan-findings.ts'
import { findInPod } from '../src/client/pod-findings.ts'
import { TerminationTracker } from '../src/client/terminations.ts'
import type { SeiNode } from '../src/contract/crds/head/seinode.ts'
import { readinessBudgets } from '../src/contract/defaults.ts'
import type { KubeObject, Pod } from '../src/contract/objects.ts'
import { parseConsensusState } from '../src/probe/consensus-state.ts'
import { findHaltLine } from '../src/probe/halt/halt-line.ts'
import { trustedUpgradeInfo } from '../src/probe/halt/upgrade-info.ts'
import { haltVerdict } from '../src/probe/halt/verdict.ts'
import { isRecord } from '../src/probe/json.ts'
import { parseNetInfo } from '../src/probe/net-info.ts'
import { parseStatus } from '../src/probe/seid-rpc.ts'
import type { WatchEvent } from '../src/kube/types.ts'

type Tally = Map<string, number>

/** Recordings of what no parser of ours reads: configuration, admission, plain timings. */
const withoutParser =
  /\.toml$|admission\.txt$|rejected-edits\.txt$|rbac-proxy|genesis\.json$|delete\.txt$|marks\.txt$|nodetimes\.txt$|net[12].*\.txt$|exec-seid|ceremony-timeline|snt-timeline|timeline|upgrade-swap|(rest|evm)[-.]|configmaps\.yaml$/

function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

/** A JSON answer by its keys. */
function readAnswer(body: unknown, tally: Tally): void {
  const result = isRecord(body) && isRecord(body.result) ? body.result : body
  if (!isRecord(result)) return
  if (isRecord(result.sync_info)) {
    parseStatus('captured', body)
    count(tally, 'status')
  }
  if ('latest_block_height' in result) {
    parseStatus('captured', { sync_info: result })
    count(tally, 'status')
  }
  if ('peer_connections' in result) {
    parseNetInfo(result)
    count(tally, 'net_info')
  }
  if (isRecord(result.round_state)) {
    const { height, prevoteShare } = parseConsensusState(result)
    if (height === 0) throw new Error('a consensus state without a height')
    count(tally, `consensus_state (prevotes ${prevoteShare})`)
  }
}

function readText(text: string, tally: Tally): void {
  for (const line of text.split('\n')) {
    const start = line.indexOf('{')
    const info = /upgrade-info=(\{.*\})/.exec(line)?.[1]
    if (info !== undefined && trustedUpgradeInfo(info, 558)?.height === 560) count(tally, 'upgrade-info')
    if (start !== 0 || !line.endsWith('}')) continue
    try {
      readAnswer(JSON.parse(line), tally)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  const halt = findHaltLine(text)
  if (halt === undefined) return
  const verdict = haltVerdict({ node: 'captured', exit: { code: 2 }, output: text })
  if (verdict.reason !== 70 || !/^(v-next 560|kr-up 1039)$/.test(`${verdict.planName} ${verdict.height}`)) {
    throw new Error(`the verdict is ${verdict.says}`)
  }
  count(tally, `halt line of ${verdict.planName} at ${verdict.height}`)
}

function readObject(object: KubeObject, tally: Tally): void {
  if (object.kind === 'Pod') {
    const found = findInPod(object as Pod, [], readinessBudgets.kind)
    const ends = new TerminationTracker().observe({ type: 'ADDED', object: object as Pod }, 'captured')
    count(tally, `Pod${found === undefined ? '' : ' in trouble'}${ends.length === 0 ? '' : ' with ends'}`)
  } else if (object.kind === 'SeiNode') {
    count(tally, `SeiNode${nodeFailure(object as SeiNode) === undefined ? '' : ' (failed or going)'}`)
  } else count(tally, object.kind)
}

function readFile(path: string, tally: Tally): void {
  if (path.endsWith('.jsonl.gz')) {
    const tracker = new TerminationTracker()
    for (const line of gunzipSync(readFileSync(path)).toString().trim().split('\n')) {
      const event = JSON.parse(line) as WatchEvent<KubeObject>
      readObject(event.object, tally)
      if (event.object.kind !== 'Pod') continue
      for (const { termination } of tracker.observe(event as WatchEvent<Pod>, 'captured'))
        if (termination.container === 'seid') count(tally, `end of seid with ${termination.exitCode}`)
    }
    return
  }
  const text = readFileSync(path, 'utf8')
  if (path.endsWith('.yaml')) {
    for (const document of parseAllDocuments(text)) {
      const value: unknown = document.toJS()
      const objects = isRecord(value) && Array.isArray(value.items) ? value.items : [value]
      for (const object of objects as (KubeObject | null)[]) if (object !== null) readObject(object, tally)
    }
  } else if (/halt-\+\d+s\.json$/.test(path)) {
    for (const [, [restarts, state]] of JSON.parse(text) as [string, [number, object]][])
      count(tally, `restarts ${restarts}, ${Object.keys(state)[0]}`)
  } else readText(text, tally)
}

function main(root: string): boolean {
  let good = true
  for (const part of ['seid', 'controller', 'kind']) {
    const files = readdirSync(join(root, part), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name)
      const name = relative(root, path)
      const tally: Tally = new Map()
      try {
        readFile(path, tally)
        const nothing = tally.size === 0
        if (nothing && !withoutParser.test(name) && !/backoff/.test(name))
          throw new Error('nothing in it was read')
        const said = [...tally].map(([what, times]) => `${times} ${what}`).join(', ')
        console.log(`${name}: ${nothing ? 'holds nothing for a parser' : said}`)
      } catch (error) {
        good = false
        console.log(`${name}: FAILED: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  return good
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: node test/check-captures.ts <folder of captures>')
  process.exitCode = 64
} else if (!main(folder)) process.exitCode = 1
