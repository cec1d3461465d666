import type { Check } from '../contract/checks.ts'

/** An option of a command, as data: what parses it also writes the help. Names are kebab-case. */
export type OptionSpec =
  | { readonly type: 'flag'; readonly description: string }
  | {
      readonly type: 'integer'
      readonly description: string
      /** What stands for the value in the help. */
      readonly value: string
      readonly minimum: number
      readonly maximum: number
      readonly default: number
      /** Variable whose value it has where it is left out. */
      readonly env?: string
    }
  | {
      /** `90s`, `30m`, `8h`: read into ms. */
      readonly type: 'duration'
      readonly description: string
      readonly value: string
      readonly minimum: number
      readonly maximum: number
      readonly default: number
      /** Any duration of Go's: `1h30m`, `500ms`. */
      readonly go?: true
    }
  | {
      readonly type: 'text'
      readonly description: string
      readonly value: string
      readonly check: Check<string>
      /** What is an example of it, in the fix of an error. */
      readonly example: string
      readonly default: string | undefined
      /** Variable whose value it has where it is left out. */
      readonly env?: string
      /** One letter that also names it: `-k`. */
      readonly short?: string
      readonly required?: true
    }
  | {
      /** Any number of times, each one value; left out it is `[]`. */
      readonly type: 'list'
      readonly description: string
      readonly value: string
      readonly check: Check<string>
      readonly example: string
    }
  | {
      /** `KEY=VALUE`, any number of times; left out it is `{}`. */
      readonly type: 'pairs'
      readonly description: string
      readonly value: string
      readonly check: Check<Record<string, string>>
      readonly example: string
    }

export type PairsOption = OptionSpec & { readonly type: 'pairs' }

/** An argument without a name, by its place; its value is among the options. */
export interface OperandSpec {
  readonly name: string
  /** What stands for it in the help, and is an example of it. */
  readonly value: string
  readonly description: string
  readonly check: Check<string>
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

export type OptionValue =
  | boolean
  | number
  | string
  | readonly string[]
  | Readonly<Record<string, string>>
  | undefined

/** An option of type `text`; undefined where it was left out. */
export function textOf(value: OptionValue): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Parsed options: flags left out are false, others left out have their default. Durations are ms. */
export type OptionValues = Readonly<Record<string, OptionValue>>

export interface CommandContext {
  readonly options: OptionValues
  readonly json: boolean
  /** A line for people on stdout; not printed with `--json`. */
  say(line: string): void
  /** A line for people on stderr, beside the result; not printed with `--json`. */
  note(line: string): void
  /** One JSON line on stdout; printed only with `--json`. */
  emit(value: object): void
}

/** A command's entry in the table; its code is loaded only when it runs. */
export interface CommandSpec {
  readonly name: string
  readonly summary: string
  readonly options: OptionSpecs
  /** In their order; each has to be given. */
  readonly operands?: readonly OperandSpec[]
  /** Further lines of the command's help. */
  readonly notes: readonly string[]
  /** Runs in the Task pods of a Workflow: wrong arguments, too, end it with 2 and are written down as its end. */
  readonly step?: true
  load(): Promise<CommandModule>
}

export interface CommandModule {
  /** Resolves to the exit code. What it throws is printed as one error; usage errors end with 64, cancellation with 130, all else with 2. */
  run(context: CommandContext): Promise<number>
}

export const commonOptions: OptionSpecs = {
  json: { type: 'flag', description: 'print JSON, one object a line' },
  help: { type: 'flag', description: 'show this help' },
}
