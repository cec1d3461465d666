import { randomUUID } from 'node:crypto'
import { haltKindOf, type ExpectDisruptionOptions, type ExpectHaltOptions } from '../contract/expectations.ts'
import { haltKinds, haltReasons, type HaltKind, type HaltVerdict } from '../contract/halts.ts'
import type { NodeHandle } from '../contract/handles.ts'
import { pause, type Time } from '../contract/time.ts'
import { SeiError, timeoutError, usageError } from '../errors/sei-error.ts'
import { claimForChange } from './claim.ts'
import type { Disruptions, OpenDisruption } from './disruptions.ts'
import type { Lease } from './leases.ts'
import type { Verdicts } from './watchdog/verdicts.ts'

export interface ExpectationsOptions {
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  /** Root of the Vitest project: files are named relative to it. */
  readonly root: string
  /** Default deadline of a halt, ms. */
  waitMs(): number
  /** The cluster's. */
  time(): Time
}

interface Expectation {
  readonly lease: Lease
  readonly window: OpenDisruption
  readonly halt?: ExpectHaltOptions | undefined
  /** Verdicts on the network before it was opened. */
  readonly before: number
  came?: HaltVerdict | undefined
}

/** Kinds that go along with a halt, or come of what is done about it: they make no other halt of it. */
const alongside: ReadonlySet<HaltKind> = new Set(['stopped', 'killed', 'quorum-lost', 'frozen', 'unknown'])

/** The windows that tests open, by the lease of their file: `expectDisruption` and `expectHalt`. */
export class Expectations {
  readonly #options: ExpectationsOptions
  readonly #open = new Map<string, Expectation>()

  constructor(options: ExpectationsOptions) {
    this.#options = options
  }

  /** Throws NETWORK_SHARED while another file holds the network, BAD_INPUT for a node that is not of it. */
  openDisruption(lease: Lease, { node, reason }: ExpectDisruptionOptions): string {
    checkReason(reason)
    return this.#add(lease, undefined, { node, reason })
  }

  openHalt(lease: Lease, options: ExpectHaltOptions): string {
    checkHalt(options)
    const kind = haltKindOf(options.reason)
    const { height, planName, node } = options
    const at = height === undefined ? '' : ` at height ${height}`
    return this.#add(lease, options, {
      node,
      reason: `expectHalt ${kind}${at}`,
      halts: { kinds: [kind], height, planName },
    })
  }

  /** Resolves to the verdict on the halt that was expected; see `ExpectedHalt` for what it throws. */
  async verdict(lease: Lease, id: string, signal: AbortSignal): Promise<HaltVerdict> {
    const expectation = this.#get(lease, id)
    const { halt, before } = expectation
    if (halt === undefined) throw unknownExpectation(id)
    const { name: network, loss } = lease.entry
    const { verdicts } = this.#options
    const timeoutMs = halt.timeoutMs ?? this.#options.waitMs()
    const { promise, resolve, reject } = Promise.withResolvers<HaltVerdict>()
    const judge = (verdict: HaltVerdict): void => {
      // Several nodes may halt at once, each expected by itself.
      if (halt.node !== undefined && verdict.node !== halt.node) return
      if (matches(halt, verdict)) resolve(verdict)
      else if (saysOtherwise(verdict)) reject(otherHalt(network, halt, verdict))
    }
    const onLoss = (): void => reject(loss.signal.reason)
    const onAbort = (): void => reject(signal.reason)
    const cancel = this.#options.time().after(timeoutMs, () => reject(noHalt(network, halt, timeoutMs)))
    const stop = verdicts.subscribe((of, verdict) => (of === network ? judge(verdict) : undefined))
    loss.signal.addEventListener('abort', onLoss, { once: true })
    signal.addEventListener('abort', onAbort, { once: true })
    for (const verdict of verdicts.of(network).slice(before)) judge(verdict)
    if (loss.signal.aborted) onLoss()
    try {
      expectation.came = await promise
      return expectation.came
    } finally {
      cancel()
      stop()
      loss.signal.removeEventListener('abort', onLoss)
      signal.removeEventListener('abort', onAbort)
    }
  }

  close(lease: Lease, id: string): void {
    const expectation = this.#open.get(id)
    // Of another lease, or closed already.
    if (expectation?.lease !== lease) return
    this.#open.delete(id)
    const came = expectation.came ?? this.#cameUnasked(expectation)
    if (came === undefined) expectation.window.close()
    else void closeOnceHealed(expectation, came, this.#options.time())
  }

  #cameUnasked({ lease, halt, before }: Expectation): HaltVerdict | undefined {
    if (halt === undefined) return undefined
    return this.#options.verdicts
      .of(lease.entry.name)
      .slice(before)
      .find((verdict) => matches(halt, verdict))
  }

  #add(
    lease: Lease,
    halt: ExpectHaltOptions | undefined,
    window: Pick<OpenDisruption['window'], 'node' | 'reason' | 'halts'>,
  ): string {
    const { entry, released } = lease
    const { disruptions, verdicts, root } = this.#options
    if (window.node !== undefined) checkNode(window.node, nodesOf(lease))
    claimForChange(lease, root)
    const id = randomUUID()
    const opened = disruptions.open({ ...window, network: entry.name, kind: 'user' })
    this.#open.set(id, { lease, window: opened, halt, before: verdicts.of(entry.name).length })
    released.signal.addEventListener('abort', () => {
      this.#open.delete(id)
      opened.close()
    })
    return id
  }

  #get(lease: Lease, id: string): Expectation {
    const expectation = this.#open.get(id)
    if (expectation?.lease !== lease) throw unknownExpectation(id)
    return expectation
  }
}

/** Above the halt, all of those that were to halt: whatever was done about it has worked. */
async function closeOnceHealed(
  { lease, window, halt }: Expectation,
  { height = 0 }: HaltVerdict,
  time: Time,
): Promise<void> {
  const signal = AbortSignal.any([lease.released.signal, lease.entry.abort.signal, lease.entry.loss.signal])
  try {
    await Promise.all(
      nodesOf(lease)
        .filter(({ name }) => halt?.node === undefined || halt.node === name)
        .map((node) => above(node, height, time, signal)),
    )
  } catch {
    // The file has ended, or the network: nobody needs the window any more.
  }
  window.close()
}

const healLookMs = 250

/** Like `waitHeight`, for as long as it takes, but asks no time to pass: nobody waits for this. */
async function above(node: NodeHandle, height: number, time: Time, signal: AbortSignal): Promise<void> {
  for (;;) {
    const seen = await node.latestHeight({ signal }).catch(() => 0)
    signal.throwIfAborted()
    if (seen > height) return
    await pause(time, healLookMs, signal, { passive: true })
  }
}

function nodesOf({ entry: { provisioned } }: Lease): readonly NodeHandle[] {
  return provisioned === undefined ? [] : [...provisioned.network.validators, ...provisioned.followers]
}

function matches(halt: ExpectHaltOptions, verdict: HaltVerdict): boolean {
  const { height, planName, node } = halt
  return (
    verdict.kind === haltKindOf(halt.reason) &&
    (height === undefined || verdict.height === undefined || verdict.height === height) &&
    (planName === undefined || verdict.planName === undefined || verdict.planName === planName) &&
    (node === undefined || verdict.node === node)
  )
}

/** A crash of which nothing but the code is known may well be the halt: its log went before it could be read. */
function saysOtherwise({ kind, material }: HaltVerdict): boolean {
  return !alongside.has(kind) && !(kind === 'crash' && material.output === undefined)
}

function describeExpected({ reason, height, planName }: ExpectHaltOptions): string {
  const plan = planName === undefined ? '' : ` for plan ${planName}`
  const at = height === undefined ? '' : ` at height ${height}`
  return `${haltKindOf(reason)}${plan}${at}`
}

function otherHalt(network: string, halt: ExpectHaltOptions, verdict: HaltVerdict): SeiError {
  return new SeiError(
    `network ${network}: ${describeExpected(halt)} was expected, but ${verdict.node} says otherwise: ${verdict.says}`,
    { class: 'failed', code: 'UNEXPECTED_HALT', details: { network, expected: { ...halt }, verdict } },
  )
}

function noHalt(network: string, halt: ExpectHaltOptions, timeoutMs: number): SeiError {
  return timeoutError(`network ${network}: no halt ${describeExpected(halt)} within ${timeoutMs} ms`, {
    code: 'WAIT_TIMEOUT',
    details: { network, expected: { ...halt }, timeoutMs },
    hint: 'raise timeoutMs, or look at whether the plan was accepted: the chain goes on without one',
  })
}

function unknownExpectation(id: string): SeiError {
  return new SeiError(`no expectation ${id} is open`, {
    class: 'usage',
    code: 'BAD_INPUT',
    hint: 'it was closed',
  })
}

function checkReason(reason: unknown): void {
  if (typeof reason === 'string' && reason.trim() !== '') return
  throw usageError([
    {
      what: `${JSON.stringify(reason)} is no reason`,
      where: 'network.expectDisruption({ reason })',
      expected: 'one phrase that says what the test does',
      fix: "name it, such as 'kills the proposer'",
    },
  ])
}

function checkHalt({ reason, height, timeoutMs }: ExpectHaltOptions): void {
  const where = 'network.expectHalt'
  const known = Object.hasOwn(haltReasons, reason) || haltKinds.includes(reason as HaltKind)
  const whole = (value: unknown): boolean =>
    value === undefined || (Number.isSafeInteger(value) && Number(value) > 0)
  const problems = [
    ...(known ? [] : [{ what: `${JSON.stringify(reason)} is no halt`, where: `${where}({ reason })` }]),
    ...(whole(height)
      ? []
      : [{ what: `${JSON.stringify(height)} is no height`, where: `${where}({ height })` }]),
    ...(whole(timeoutMs)
      ? []
      : [{ what: `${JSON.stringify(timeoutMs)} is no time in ms`, where: `${where}({ timeoutMs })` }]),
  ]
  if (problems.length === 0) return
  const expected = `one of ${[...Object.keys(haltReasons), ...haltKinds].join(', ')}; heights and times are whole and above 0`
  throw usageError(problems.map((problem) => ({ ...problem, expected, fix: 'correct it' })))
}

function checkNode(node: string, nodes: readonly NodeHandle[]): void {
  if (nodes.some(({ name }) => name === node)) return
  throw usageError([
    {
      what: `${JSON.stringify(node)} is no node of the leased network`,
      where: 'network.expectDisruption or expectHalt ({ node })',
      expected: `one of ${nodes.map(({ name }) => name).join(', ')}`,
      fix: 'pass the name of one of network.validators or followers, or leave it out for the whole network',
    },
  ])
}
