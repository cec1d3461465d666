/** One command line of kubectl, run on both servers; what it prints there must be the same. */
export interface Row {
  /** Words after `kubectl`; single quotes hold spaces together. */
  readonly line: string
  /** Goes to standard input as JSON, for `-f -`. */
  readonly input?: unknown
  /** The command is expected to end with an error. */
  readonly fails?: true
  /** Runs while the row's command watches: these begin once it does. */
  readonly meanwhile?: readonly Row[]
  /** Ends a command that would go on for ever after so many lines. */
  readonly lines?: number
  /** Lines come in no order: several objects at once. */
  readonly unordered?: true
}

/** Rows that follow one another in a namespace of their own, which is named after them. */
export interface Story {
  readonly name: string
  readonly rows: readonly (Row | string)[]
}

/** Several lines that only read, for one object after another. */
export function rows(...lines: readonly (Row | string)[]): readonly (Row | string)[] {
  return lines
}

/** A line that is expected to end with an error. */
export function refused(line: string, input?: unknown): Row {
  return { line, fails: true, ...(input === undefined ? {} : { input }) }
}

/** A line that prints managers too, which come by the second of their last write: two within one by their names. */
export function managersOf(line: string): Row {
  return { line: `${line} --show-managed-fields`, unordered: true }
}

/** `apply -f -` and the like with an object. */
export function send(line: string, input: unknown): Row {
  return { line: `${line} -f -`, input }
}

export function configMap(name: string, data: Record<string, string>, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data }
}

export function network(name: string, spec: object = {}): object {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name },
    spec: { image: 'sei/seid:dev', replicas: 1, genesis: { chainId: `${name}-1` }, ...spec },
  }
}

export function node(name: string, spec: object = {}): object {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name },
    spec: { chainId: 'alone-1', image: 'sei/seid:dev', paused: true, fullNode: {}, ...spec },
  }
}
