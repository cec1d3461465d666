import type { NetworkHandle, NodeHandle, NodeStatus } from '../contract/handles.ts'
import type { Time } from '../contract/time.ts'
import { isCancelled } from '../errors/guards.ts'
import { SeiError } from '../errors/sei-error.ts'
import { isRecord, readNumber } from './json.ts'
import { createHeightWaits } from './node-probe.ts'
import type { ProbeOptions } from './seid-rpc.ts'
import { errorText } from '../errors/error-text.ts'

/** The half of a network handle that needs no Kubernetes API. */
export type NetworkProbe = Pick<
  NetworkHandle,
  'latestHeight' | 'earliestHeight' | 'waitHeight' | 'waitHeightAdvances'
>

type Validator = Pick<NodeHandle, 'name' | 'status' | 'rpc'>

export function createNetworkProbe(
  name: string,
  validators: readonly Validator[],
  waitMs: number,
  time?: Time,
): NetworkProbe {
  const latestHeight = (options: ProbeOptions = {}): Promise<number> =>
    committedHeight(name, validators, options)
  return {
    latestHeight,
    earliestHeight: async (options = {}) => {
      const { answers, silent } = await readAll(validators, options)
      if (answers.length === 0) throw noAnswer(name, silent)
      return Math.max(...answers.map(({ earliestHeight }) => earliestHeight))
    },
    ...createHeightWaits(name, latestHeight, waitMs, time),
  }
}

/** The highest height that validators with more than two thirds of the power have all reached. */
async function committedHeight(
  name: string,
  validators: readonly Validator[],
  options: ProbeOptions,
): Promise<number> {
  const { answers, silent } = await readAll(validators, options)
  if (answers.length === 0) throw noAnswer(name, silent)
  const powered = answers.some(({ votingPower }) => votingPower > 0)
  const weighed = weigh(answers, powered)
  const total = await totalPower(weighed, validators, { silent: silent.length, powered, options })
  const height = quorumHeight(weighed, total)
  if (height !== undefined) return height
  throw new SeiError(
    `network ${name}: no quorum answers; silent: ${silent.map(({ node }) => node).join(', ')}`,
    { class: 'infra', code: 'PROBE_FAILED', details: { silent } },
  )
}

interface Weighed {
  readonly height: number
  readonly power: number
}

/** Nodes that say they have no power at all (attached followers, a set not read yet) count the same each. */
function weigh(answers: readonly NodeStatus[], powered: boolean): Weighed[] {
  return answers.map(({ latestHeight, votingPower }) => ({
    height: latestHeight,
    power: powered ? votingPower : 1,
  }))
}

/** `undefined` when no height has more than two thirds of `total` behind it. */
export function quorumHeight(weighed: readonly Weighed[], total: number): number | undefined {
  let power = 0
  for (const one of weighed.toSorted((a, b) => b.height - a.height)) {
    power += one.power
    if (power * 3 > total * 2) return one.height
  }
  return undefined
}

/** The set's whole power. Where some are silent it is asked of those who answer: the silent cannot say theirs. */
async function totalPower(
  weighed: readonly Weighed[],
  validators: readonly Validator[],
  { silent, powered, options }: { silent: number; powered: boolean; options: ProbeOptions },
): Promise<number> {
  if (silent === 0) return weighed.reduce((sum, { power }) => sum + power, 0)
  if (!powered) return validators.length
  const reads = validators.map(async (validator) => {
    const body = await validator.rpc<unknown>('validators', { per_page: '100' }, probeOnly(options))
    const set = isRecord(body) && Array.isArray(body.validators) ? body.validators.filter(isRecord) : []
    return set.reduce((sum, { voting_power: power }) => sum + (readNumber(power) ?? 0), 0)
  })
  return await Promise.any(reads).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error
  })
}

interface Silent {
  readonly node: string
  readonly reason: string
}

async function readAll(
  validators: readonly Validator[],
  options: ProbeOptions,
): Promise<{ answers: NodeStatus[]; silent: Silent[] }> {
  const answers: NodeStatus[] = []
  const silent: Silent[] = []
  await Promise.all(
    validators.map(async (validator) => {
      try {
        answers.push(await validator.status(probeOnly(options)))
      } catch (error) {
        if (isCancelled(error)) throw error
        silent.push({ node: validator.name, reason: errorText(error) })
      }
    }),
  )
  return { answers, silent }
}

/** Handles take options without explicit `undefined`s. */
function probeOnly({ timeoutMs, signal }: ProbeOptions): { timeoutMs?: number; signal?: AbortSignal } {
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) }
}

function noAnswer(name: string, silent: readonly Silent[]): SeiError {
  return new SeiError(`network ${name}: no validator answers (${silent[0]?.reason ?? 'it has none'})`, {
    class: 'infra',
    code: 'PROBE_FAILED',
    details: { silent },
  })
}
