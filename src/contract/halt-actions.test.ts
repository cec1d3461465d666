import { expect, test } from 'vitest'
import { checkPluginOptions } from './check-options.ts'
import { chooseAction, type HaltFacts } from './halt-actions.ts'
import type { HaltKind, HaltVerdict } from './halts.ts'
import { describeProblem } from './problem.ts'

const verdict = (kind: HaltKind, more: Partial<HaltVerdict> = {}): HaltVerdict => ({
  kind,
  source: 'exit-code',
  certainty: 'inferred',
  node: 'net-0',
  planName: 'v7',
  says: '',
  material: {},
  ...more,
})

test.for<[string, HaltKind, HaltFacts, object | undefined]>([
  [
    'a plan with an image',
    'upgrade-required',
    { planImage: 'a:7', currentImage: 'a:6' },
    { kind: 'swap', image: 'a:7' },
  ],
  ['a plan without one', 'upgrade-required', {}, { kind: 'none', why: 'ImageMappingMissing' }],
  [
    'a plan whose image it has',
    'upgrade-required',
    { planImage: 'a:7', currentImage: 'a:7' },
    { kind: 'none', why: 'ImageMappingMissing' },
  ],
  [
    'a binary too new',
    'binary-too-new',
    { lastGoodImage: 'a:6', currentImage: 'a:7' },
    { kind: 'roll-back', image: 'a:6' },
  ],
  [
    'one with the plan’s image at hand',
    'binary-too-new',
    { planImage: 'a:8', lastGoodImage: 'a:6', currentImage: 'a:7' },
    { kind: 'roll-back', image: 'a:6' },
  ],
  [
    'one that never was caught up',
    'binary-too-new',
    { planImage: 'a:8', currentImage: 'a:7' },
    { kind: 'none', why: 'NoEarlierImage' },
  ],
  [
    'one that was so with this image',
    'binary-too-new',
    { lastGoodImage: 'a:7', currentImage: 'a:7' },
    { kind: 'none', why: 'NoEarlierImage' },
  ],
  ['a downgrade', 'downgrade', { planImage: 'a:7', lastGoodImage: 'a:6' }, { kind: 'pause' }],
  [
    'a code of later versions',
    'deliberate-unknown',
    { planImage: 'a:7' },
    { kind: 'none', why: 'UnknownReason' },
  ],
  ['a crash', 'crash', { planImage: 'a:7' }, undefined],
  ['a plain end', 'stopped', { planImage: 'a:7' }, undefined],
  ['a lost quorum', 'quorum-lost', { planImage: 'a:7' }, undefined],
])('behavior: %s is acted on as its contract asks', ([, kind, facts, action]) => {
  const chosen = chooseAction(verdict(kind, { reason: 75 }), facts)
  if (action === undefined) expect(chosen).toBeUndefined()
  else expect(chosen).toMatchObject(action)
})

test.for([
  { halts: {} },
  { halts: { act: true, images: { v7: 'sei/seid:v7' }, lingerMs: 0 } },
  { halts: { images: { configMap: 'images' } } },
  { halts: { images: { configMap: 'sei/seid:v7' } } },
  { halts: { notify: { webhook: 'http://127.0.0.1:1/x', hook: () => 1 } } },
])('default: %o is accepted', (options) => {
  expect(checkPluginOptions(options)).toEqual({ ok: true, value: options })
})

test.for<[object, RegExp]>([
  [{ act: 'yes' }, /"yes" is not a boolean/],
  [{ images: { v7: '' } }, /the string is empty/],
  [{ images: 'images' }, /is not an object/],
  [{ notify: { webhook: 'example' } }, /is not an HTTP URL/],
  [{ notify: { hook: 'page' } }, /is not a function/],
  [{ notify: { email: 'a' } }, /unknown key "email"/],
  [{ lingerMs: -1 }, /0 or more/],
])('error: %o is refused', ([halts, message]) => {
  const checked = checkPluginOptions({ halts })
  expect(checked.ok ? 'accepted' : checked.problems.map(describeProblem).join()).toMatch(message)
})
