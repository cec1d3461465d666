/** One thing wrong with an input: what, where it was read, what was expected, and how to put it right. */
export interface Problem {
  readonly what: string
  readonly where: string
  readonly expected: string
  readonly fix: string
}

/** A checked value, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export function describeProblem(problem: Problem): string {
  return `${problem.where}: ${problem.what}. Expected ${problem.expected}. Fix: ${problem.fix}`
}
