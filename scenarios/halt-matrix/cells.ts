import type { HaltKind, HaltSource } from 'vitest-environment-sei/test'

/** One way for a node to stop, and what has to be made of it. */
export interface Cell {
  readonly name: string
  /** Words of the image tag that order it, at a height; see docs/faults.md. */
  words(height: number, plan: string): string
  readonly kind: HaltKind
  /** Any of these: an end that comes again too fast for its code to be seen still has its words on stderr. */
  readonly sources: readonly HaltSource[]
  /** What the halt supervisor has to do. */
  readonly action: 'swap' | 'roll-back' | 'pause' | 'none'
}

const reasons = { 70: 'upgrade-required', 71: 'binary-too-new', 72: 'downgrade' } as const
const actions = { 70: 'swap', 71: 'roll-back', 72: 'pause' } as const

type Known = keyof typeof reasons

function isKnown(reason: number): reason is Known {
  return reason in reasons
}

/** The proposed contract: reason × stay-alive × encoding × what a healthy node says of the field. */
const contract: Cell[] = [70, 71, 72, 75, 85].flatMap((reason) =>
  [true, false].flatMap((stays) =>
    ['numbers', 'strings'].flatMap((encoding) =>
      ['absent', 'null'].map((before): Cell => {
        const words = [
          'halt-contract',
          ...(stays ? ['stay-alive'] : []),
          ...(encoding === 'strings' ? ['halt-strings'] : []),
          ...(before === 'null' ? ['halt-null'] : []),
        ]
        return {
          name: `${reason}, ${stays ? 'stays alive' : 'exits'}, ${encoding}, ${before} before`,
          words: (height, plan) => [...words, `intends-${reason}-at-${height}-for-${plan}`].join('--'),
          kind: isKnown(reason) ? reasons[reason] : 'deliberate-unknown',
          sources: stays ? ['halt_intent'] : isKnown(reason) ? ['exit-code', 'stderr'] : ['exit-code'],
          action: isKnown(reason) ? actions[reason] : 'none',
        }
      }),
    ),
  ),
)

/** What seid does today: a panic whose last line tells, or an exit that tells nothing. */
const today: Cell[] = ['absent', 'null'].flatMap((before): Cell[] => {
  const prefix = before === 'null' ? 'halt-null--' : ''
  const panics = ([70, 71, 72] as const).map((reason): Cell => ({
    name: `exit 2 and a line on stderr for ${reason}, ${before} before`,
    words: (height, plan) => `${prefix}panics-${reason}-at-${height}-for-${plan}`,
    kind: reasons[reason],
    sources: ['stderr'],
    action: actions[reason],
  }))
  const silent = ([2, 0, 137] as const).map((code): Cell => ({
    name: `exit ${code} without a word, ${before} before`,
    words: (height) => `${prefix}exits-${code}-at-${height}`,
    kind: code === 2 ? 'crash' : code === 0 ? 'stopped' : 'killed',
    sources: [code === 2 ? 'crash' : 'exit-code'],
    action: 'none',
  }))
  return [...panics, ...silent]
})

/** Alive, its block store ahead of its application: nothing but the chain itself tells. */
const zombie: Cell = {
  name: 'a zombie',
  words: (height) => `zombie-at-${height}`,
  kind: 'zombie',
  sources: ['chain'],
  action: 'none',
}

export const cells: readonly Cell[] = [...contract, ...today, zombie]
