import type { Position } from './template-error.ts'

/** What a template can hold: plain data, as an action sees it. */
export type TemplateValue =
  | string
  | number
  | boolean
  | undefined
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue }

export type Operand = { readonly at: Position } & (
  | { readonly type: 'dot'; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'pipe'; readonly pipe: Pipe; readonly path: readonly string[] }
  | { readonly type: 'literal'; readonly value: TemplateValue }
  | { readonly type: 'function'; readonly name: string }
)

/** A function and its arguments, or one operand. */
export interface Command {
  readonly first: Operand
  readonly rest: readonly Operand[]
  readonly at: Position
}

export interface Pipe {
  /** Variables that get what it gives; of `range $at, $item :=` two. */
  readonly variables: readonly string[]
  /** `=` instead of `:=`: the variables are there already. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
  readonly at: Position
}

export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipe: Pipe }
  | { readonly type: 'break' | 'continue' }
  | {
      readonly type: 'if' | 'with' | 'range'
      readonly pipe: Pipe
      readonly body: readonly TemplateNode[]
      readonly otherwise: readonly TemplateNode[]
    }
