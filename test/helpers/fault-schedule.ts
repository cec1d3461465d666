import { createHash } from 'node:crypto'

/** What a request is to a proxy that spoils it. */
export type RequestKind = 'watch' | 'list' | 'page' | 'read' | 'write'

/** A request, as far as the schedule cares. `page` is a list's further page. */
export interface Asked {
  readonly kind: RequestKind
  readonly method: string
  /** Path without its query. */
  readonly path: string
}

const statuses = [429, 500, 502, 503, 504] as const

/** Refusals: a proxy's, a load balancer's or the server's own, without the request having any effect. */
const refusals = statuses.flatMap((status) => [`${status}`, `${status} with Retry-After`] as const)

/** Everything that can go wrong, and to which requests. */
const faultsOf = {
  any: [...refusals, 'reset before', 'slow headers', 'slow body'],
  answered: ['reset after', 'half a body'],
  write: ['504 after'],
  watch: ['stalled watch', 'cut watch', 'half a line', '410 event', '410 watch'],
  page: ['410 page'],
} as const

export type FaultKind = (typeof faultsOf)[keyof typeof faultsOf][number]

export const faultKinds: readonly FaultKind[] = Object.values(faultsOf).flat()

/** One fault, with numbers of its own for whatever about it is left to chance. */
export interface Fault {
  readonly kind: FaultKind
  /** Each from 0 to 1. */
  readonly chances: readonly [number, number, number]
}

export interface Schedule {
  /** Share of requests that are spoilt. */
  readonly density: number
  /** The fault of this request, if it gets one. */
  next(asked: Asked): Fault | undefined
  /** Objects of one page of a list, where the schedule wants small ones. */
  pageSize(asked: Asked): number | undefined
}

/** Nothing is ever spoilt. */
export const calm: Schedule = { density: 0, next: () => undefined, pageSize: () => undefined }

/**
 * Faults by seed. What happens to a request depends on the seed, on what is asked (names of objects left out), and on how
 * many of its like came before, not on the order in which different requests arrive: a seed replays as far as the runs make
 * the same requests. At most a handful of faults hit the same request in a row, so that whoever repeats it gets through.
 *
 * Four kinds come up in any case, on requests that every run makes; with the seed they change, so that ten neighbouring
 * seeds have every kind.
 */
export function createSchedule(seed: number): Schedule {
  const [first, second] = draw(`${seed}`)
  const density = 0.05 + 0.2 * first
  const inRow = 1 + Math.floor(3 * second)
  const owed = owedBy(seed)
  const seen = new Map<string, number>()
  const rows = new Map<string, number>()
  const count = (key: string): number => {
    const before = seen.get(key) ?? 0
    seen.set(key, before + 1)
    return before
  }
  return {
    density,
    next: (asked) => {
      const { kind, method, path } = asked
      const like = `${kind} ${method} ${routeOf(path)}`
      const nth = count(like)
      const [hit, which, ...chances] = draw(`${seed} ${like} ${nth}`)
      const due = owed.get(like)?.[nth]
      const same = `${kind} ${method} ${path}`
      const row = rows.get(same) ?? 0
      // A watch is one request for as long as it lasts: with the density of the others hardly any would be spoilt.
      const isHit = due !== undefined || (row < inRow && hit < density * (kind === 'watch' ? 3 : 1))
      rows.set(same, isHit ? row + 1 : 0)
      return isHit ? { kind: due ?? pick(kindsFor(kind), which), chances } : undefined
    },
    pageSize: ({ kind, path }) => {
      if (kind !== 'list') return undefined
      if (owed.has(likes.page) && routeOf(path) === manyPaged) return 1
      const like = `size ${routeOf(path)}`
      const [hit, size] = draw(`${seed} ${like} ${count(like)}`)
      return hit < 0.5 ? 5 + Math.floor(30 * size) : undefined
    },
  }
}

/** A list that always has several items when a run looks for what it has to delete. */
const manyPaged = 'api/v1/namespaces/*/services'

/** Requests of every run. Those for any fault are a watch's lists, which are repeated for as long as it takes. */
const likes = {
  any: 'list GET api/v1/namespaces/*/pods',
  answered: 'write PATCH apis/sei.io/v1alpha1/namespaces/*/seinetworks/*',
  write: 'write PATCH apis/sei.io/v1alpha1/namespaces/*/seinetworks/*',
  watch: 'watch GET api/v1/namespaces/*/pods',
  page: `page GET ${manyPaged}`,
} as const

const owedPerSeed = 4

/** Kinds that come up in any case, by the like of the requests that get them, one after the other. */
function owedBy(seed: number): ReadonlyMap<string, readonly FaultKind[]> {
  const owed = new Map<string, FaultKind[]>()
  for (let at = 0; at < owedPerSeed; at += 1) {
    const kind = faultKinds[(owedPerSeed * seed + at) % faultKinds.length]
    if (kind === undefined) continue
    const like = likes[groupOf(kind)]
    owed.set(like, [...(owed.get(like) ?? []), kind])
  }
  return owed
}

function groupOf(kind: FaultKind): keyof typeof faultsOf {
  const groups = Object.keys(faultsOf) as (keyof typeof faultsOf)[]
  return groups.find((group) => (faultsOf[group] as readonly FaultKind[]).includes(kind)) ?? 'any'
}

/** A refusal is one kind in ten variants: each variant is as likely as another fault, and all of them together half. */
function kindsFor(kind: RequestKind): readonly FaultKind[] {
  const { any, answered, write, watch, page } = faultsOf
  if (kind === 'watch') return [...any, ...watch, ...watch, ...watch]
  if (kind === 'write') return [...any, ...answered, ...answered, ...write, ...write]
  return kind === 'page' ? [...any, ...answered, ...page, ...page, ...page, ...page] : [...any, ...answered]
}

/** The path with a placeholder for whatever a run names. */
export function routeOf(path: string): string {
  const parts = path.split('/').slice(1)
  const root = parts[0] === 'apis' ? 3 : 2
  const under = parts[root] === 'namespaces' && parts.length > root + 2 ? 2 : 0
  return parts.map((part, at) => (at === root + 1 || (under > 0 && at === root + 3) ? '*' : part)).join('/')
}

function pick<T>(of: readonly T[], chance: number): T {
  const at = of[Math.floor(chance * of.length)]
  if (at === undefined) throw new Error('nothing to pick from')
  return at
}

/** Five numbers from 0 to 1 that depend on nothing but the text. */
function draw(text: string): [number, number, number, number, number] {
  const digest = createHash('sha256').update(text).digest()
  const at = (index: number): number => digest.readUInt32BE(4 * index) / 2 ** 32
  return [at(0), at(1), at(2), at(3), at(4)]
}
