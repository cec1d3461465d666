import type { HaltKind, UpgradeHalt } from '../../contract/halts.ts'

/** What one line of seid's output says about its end. */
export interface HaltLine {
  readonly kind: UpgradeHalt | Extract<HaltKind, 'halt-height' | 'frozen'>
  readonly planName?: string | undefined
  readonly height?: number | undefined
  readonly line: string
}

/** The three panics of the upgrade module and the two halts by configuration. Structured logs escape the quotes. */
const patterns: readonly { readonly kind: HaltLine['kind']; readonly text: RegExp }[] = [
  {
    kind: 'upgrade-required',
    text: /UPGRADE \\?"(?<plan>.+?)\\?" NEEDED at (?:height: (?<height>\d+)|time: \S+)/,
  },
  {
    kind: 'binary-too-new',
    text: /BINARY UPDATED BEFORE TRIGGER! UPGRADE \\?"(?<plan>.+?)\\?" - in binary but not executed on chain/,
  },
  {
    kind: 'downgrade',
    text: /Wrong app version \d+, upgrade handler is missing for \\?"?(?<plan>.+?)\\?"? upgrade plan/,
  },
  { kind: 'halt-height', text: /halting node per configuration/ },
  { kind: 'frozen', text: /Consensus frozen before configured height/i },
]

/** Anywhere in the output, the last that matches: a file may hold more than one life of a process. */
export function findHaltLine(output: string): HaltLine | undefined {
  for (const line of output.split('\n').toReversed()) {
    for (const { kind, text } of patterns) {
      const groups = text.exec(line)
      if (groups === null) continue
      const { plan, height } = groups.groups ?? {}
      return {
        kind,
        line: line.trim().slice(0, longestLine),
        ...(plan === undefined ? {} : { planName: plan }),
        ...(height === undefined ? {} : { height: Number(height) }),
      }
    }
  }
  return undefined
}

/** The line that tells a reader most about a crash: a panic, an error, else the last. */
export function lastWords(output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trim())
  const found =
    lines.find((line) => /^panic: |^fatal error: /.test(line)) ??
    lines.findLast((line) => /^error\b|^Error: |level=(ERROR|FATAL)/i.test(line)) ??
    lines.findLast((line) => line !== '')
  return found?.slice(0, longestLine)
}

const longestLine = 400
