import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { HaltKind, HaltSource } from '../../contract/halts.ts'
import { parseHaltIntent } from './intent.ts'
import { haltVerdict, type HaltEvidence } from './verdict.ts'

const captured = (file: string): string =>
  readFileSync(new URL(`../../../test/captures/halts/${file}`, import.meta.url), 'utf8')

const lines: Readonly<Record<number, string>> = {
  70: 'UPGRADE "v9" NEEDED at height: 40: ',
  71: 'BINARY UPDATED BEFORE TRIGGER! UPGRADE "v9" - in binary but not executed on chain',
  72: 'Wrong app version 6, upgrade handler is missing for v9 upgrade plan',
}
const kinds: Readonly<Record<number, HaltKind>> = {
  70: 'upgrade-required',
  71: 'binary-too-new',
  72: 'downgrade',
  75: 'deliberate-unknown',
  85: 'deliberate-unknown',
}

type Encoding = 'numbers' | 'strings'
type Field = 'present' | 'absent' | 'null'
type Exit = 'own code' | 'none yet' | 'exit 2 + stderr' | 'exit 2 silent' | 'exit 0' | '137'

function status(reason: number, encoding: Encoding, field: Field): unknown {
  const sync_info = { latest_block_height: '39', catching_up: false }
  if (field === 'absent') return { sync_info }
  if (field === 'null') return { sync_info, halt_intent: null }
  const number = (value: number): unknown => (encoding === 'numbers' ? value : String(value))
  return {
    sync_info,
    halt_intent: {
      reason: number(reason),
      reason_string: 'any words',
      plan_name: 'v9',
      height: number(40),
      announced_at: '2026-11-21T12:00:00Z',
      later_addition: true,
    },
  }
}

function evidence(reason: number, exit: Exit): HaltEvidence {
  const base = { node: 'n0', lastHeight: 39 }
  switch (exit) {
    case 'none yet':
      return base
    case 'own code':
      return { ...base, exit: { code: reason } }
    case 'exit 2 + stderr':
      return { ...base, exit: { code: 2 }, output: `${lines[reason] ?? 'deliberate'}\npanic: so\n` }
    case 'exit 2 silent':
      return { ...base, exit: { code: 2 }, output: '' }
    case 'exit 0':
      return { ...base, exit: { code: 0 } }
    case '137':
      return { ...base, exit: { code: 137 } }
  }
}

/** What is expected where the node said nothing itself. */
function without(reason: number, exit: Exit): readonly [HaltKind, HaltSource] {
  if (exit === 'own code') return [kinds[reason] ?? 'unknown', 'exit-code']
  if (exit === 'exit 2 + stderr' && lines[reason] !== undefined) return [kinds[reason] ?? 'unknown', 'stderr']
  if (exit === 'exit 0') return ['stopped', 'exit-code']
  if (exit === '137') return ['killed', 'exit-code']
  return exit === 'none yet' ? ['unknown', 'crash'] : ['crash', 'crash']
}

const exits: readonly Exit[] = ['own code', 'none yet', 'exit 2 + stderr', 'exit 2 silent', 'exit 0', '137']
const cells = [70, 71, 72, 75, 85].flatMap((reason) =>
  (['numbers', 'strings'] as const).flatMap((encoding) =>
    (['present', 'absent', 'null'] as const).flatMap((field) =>
      exits.map((exit) => ({ reason, encoding, field, exit })),
    ),
  ),
)

describe('the test matrix of the halt_intent contract', () => {
  test.for(cells)(
    'behavior: $reason, $encoding, field $field, $exit',
    ({ reason, encoding, field, exit }) => {
      const intent = parseHaltIntent(status(reason, encoding, field))
      const verdict = haltVerdict({ ...evidence(reason, exit), intent })
      if (field !== 'present') {
        const [kind, source] = without(reason, exit)
        expect(verdict).toMatchObject({ node: 'n0', kind, source })
        return
      }
      expect(verdict).toMatchObject({
        kind: kinds[reason],
        reason,
        source: 'halt_intent',
        certainty: 'announced',
        planName: 'v9',
        height: 40,
        material: { intent: { reason, planName: 'v9' } },
      })
    },
  )
})

describe('haltVerdict', () => {
  test('behavior: a survivor at the height before a due plan counts as 70', () => {
    const chain = { tip: 559, appHeight: 559, plan: { name: 'v-next', height: 560 }, prevoteShare: 0.75 }
    expect(haltVerdict({ node: 'n1', chain })).toMatchObject({
      kind: 'upgrade-required',
      reason: 70,
      source: 'chain',
      certainty: 'inferred',
      planName: 'v-next',
      height: 560,
    })
  })

  test('behavior: a plan that is not due explains nothing', () => {
    const chain = {
      tip: 500,
      appHeight: 500,
      plan: { name: 'v-next', height: 560 },
      prevoteShare: 0.5,
      step: 4,
    }
    expect(haltVerdict({ node: 'n1', chain })).toMatchObject({ kind: 'quorum-lost', source: 'chain' })
  })

  test('behavior: an application that stays behind its block store is a zombie, for a moment it is not', () => {
    const chain = { tip: 40, appHeight: 39, prevoteShare: 1 }
    expect(haltVerdict({ node: 'n0', chain: { ...chain, apartMs: 5_000 } }).kind).toBe('zombie')
    expect(haltVerdict({ node: 'n0', chain: { ...chain, apartMs: 100 } }).kind).toBe('frozen')
  })

  test.for<[number, number, number, HaltKind]>([
    [0.5, 0, 4, 'quorum-lost'],
    [0.75, 0.5, 6, 'quorum-lost'],
    [2 / 3, 0, 4, 'quorum-lost'],
    [1, 1, 8, 'frozen'],
    [0, 0, 3, 'unknown'],
  ])('behavior: prevotes %s, precommits %s, step %s: %s', ([prevoteShare, precommitShare, step, kind]) => {
    const chain = { tip: 394, prevoteShare, precommitShare, step }
    expect(haltVerdict({ node: 'n0', chain }).kind).toBe(kind)
  })

  test('behavior: exit 2 without a word is the upgrade where the file or a due plan says so', () => {
    const exit = { code: 2 }
    const upgradeInfo = '{"name":"v9","height":40,"info":""}'
    const silent = { node: 'n0', lastHeight: 39, exit }
    expect(haltVerdict({ ...silent, upgradeInfo })).toMatchObject({
      reason: 70,
      source: 'upgrade-info',
      height: 40,
    })
    expect(haltVerdict({ ...silent, lastHeight: 41, upgradeInfo })).toMatchObject({ kind: 'crash' })
    const chain = { tip: 39, plan: { name: 'v9', height: 40 } }
    expect(haltVerdict({ ...silent, chain })).toMatchObject({
      reason: 70,
      source: 'chain',
      certainty: 'assumed',
    })
    expect(haltVerdict({ ...silent, exit: { code: 0 }, chain })).toMatchObject({ kind: 'stopped' })
  })

  test('behavior: a file that survived its upgrade says nothing about a node that was stopped', () => {
    const upgradeInfo = '{"name":"v9","height":40}'
    expect(haltVerdict({ node: 'n0', lastHeight: 39, exit: { code: 143 }, upgradeInfo }).kind).toBe('stopped')
  })

  test.for([0, 1, 137])("behavior: cosmovisor's exit code %s does not hide the line", (code) => {
    expect(haltVerdict({ node: 'n0', exit: { code }, output: lines[70] ?? '' })).toMatchObject({
      kind: 'upgrade-required',
      reason: 70,
      source: 'stderr',
      exitCode: code,
      says: expect.stringContaining('cosmovisor'),
    })
  })

  test.for<[number, string | undefined, HaltKind]>([
    [0, 'Completed', 'stopped'],
    [143, 'Error', 'stopped'],
    [130, undefined, 'stopped'],
    [137, 'Error', 'killed'],
    [137, 'OOMKilled', 'killed'],
    [1, 'Error', 'crash'],
    [2, 'Error', 'crash'],
    [134, 'Error', 'crash'],
    [90, 'Error', 'crash'],
    [69, 'Error', 'crash'],
  ])('behavior: exit code %s, %s: %s', ([code, reason, kind]) => {
    expect(haltVerdict({ node: 'n0', exit: { code, reason } }).kind).toBe(kind)
  })

  test('behavior: a halt by configuration is told by what the node logged', () => {
    const output = 'level=INFO msg="halting node per configuration" height=90\n'
    expect(haltVerdict({ node: 'n0', exit: { code: 0 }, output })).toMatchObject({
      kind: 'halt-height',
      source: 'stderr',
    })
    expect(haltVerdict({ node: 'n0', output: 'Consensus frozen before configured height 91' }).kind).toBe(
      'frozen',
    )
  })

  test('behavior: a crash keeps its last words', () => {
    const output = 'starting\npanic: runtime error: invalid memory address\n\ngoroutine 1 [running]:\n'
    expect(haltVerdict({ node: 'n0', exit: { code: 2 }, output })).toMatchObject({
      kind: 'crash',
      certainty: 'assumed',
      says: expect.stringContaining('invalid memory address'),
    })
  })

  test('error: an intent whose reason cannot be read is none', () => {
    for (const reason of [undefined, null, 0, '0', 'seventy', -1, 70.5]) {
      expect(parseHaltIntent({ halt_intent: { reason } })).toBeUndefined()
    }
    for (const body of [undefined, null, 'text', [], { halt_intent: 'text' }, { halt_intent: [] }]) {
      expect(parseHaltIntent(body)).toBeUndefined()
    }
  })

  test('behavior: a reason outside the contract is deliberate, and unknown', () => {
    expect(haltVerdict({ node: 'n0', intent: { reason: 99 } })).toMatchObject({
      kind: 'deliberate-unknown',
      reason: 99,
    })
  })
})

describe('recordings of real nodes', () => {
  test.for(['upgrade-halt-n0.stderr.txt', 'upgrade-halt-n3.stderr.txt', 'upgrade-halt-n0.log.txt'])(
    'behavior: %s is the upgrade v-next at 560',
    (file) => {
      expect(
        haltVerdict({ node: 'n0', lastHeight: 558, exit: { code: 2 }, output: captured(file) }),
      ).toMatchObject({
        kind: 'upgrade-required',
        reason: 70,
        source: 'stderr',
        planName: 'v-next',
        height: 560,
      })
    },
  )

  test('behavior: the handshake panic of a pod in back-off is the same halt', () => {
    const output = captured('kind-previous.log.txt')
    expect(haltVerdict({ node: 'four-0', exit: { code: 2, reason: 'Error' }, output })).toMatchObject({
      kind: 'upgrade-required',
      planName: 'kr-up',
      height: 1039,
    })
  })
})
