/** Fixtures whose first use means that the file needs its network. */
export const leaseFixtures: ReadonlySet<string> = new Set([
  'network',
  'followers',
  'endpoints',
  'sei',
  'admin',
  'tasks',
  'workflow',
  'evidence',
])

type Callable = ((...args: unknown[]) => unknown) & Record<PropertyKey, unknown>

/**
 * Wraps a Vitest `test` so that each registration reports which fixtures its function names, fixtures built on fixtures
 * included. Vitest has no public way to ask a collected test for them, and the set-up hook must know before it
 * waits for a network that the file may not want.
 *
 * The proxy changes nothing else: chains (`.only`, `.for`, …) and `.extend()` give wrapped tests again.
 */
export function observeTest<T extends (...args: never[]) => unknown>(
  test: T,
  report: (fixtures: ReadonlySet<string>) => void,
): T {
  return wrap(test as unknown as Callable, new Map(), report) as unknown as T
}

type Dependencies = ReadonlyMap<string, ReadonlySet<string>>

function wrap(test: Callable, deps: Dependencies, report: (fixtures: ReadonlySet<string>) => void): Callable {
  return new Proxy(test, {
    apply(target, self, args: unknown[]) {
      const result = Reflect.apply(target, self, args)
      for (const argument of args) {
        if (typeof argument === 'function') report(expand(namesOf(argument), deps))
      }
      // `.for(cases)`, `.skipIf(condition)` and their like return the next callable of the chain.
      return typeof result === 'function' ? wrap(result as Callable, deps, report) : result
    },
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, property === 'extend' ? target : receiver)
      if (typeof value !== 'function') return value
      if (property === 'extend') return extending(target, value as Callable, deps, report)
      return isChain(property) ? wrap(value as Callable, deps, report) : value
    },
  })
}

/** Members of `test` that register tests or hooks; the rest (`expect`, `describe`, …) pass through untouched. */
const chain = new Set<PropertyKey>([
  'only',
  'skip',
  'todo',
  'fails',
  'concurrent',
  'for',
  'each',
  'skipIf',
  'runIf',
  'beforeEach',
  'beforeAll',
  'afterEach',
  'afterAll',
  'aroundEach',
  'aroundAll',
])

function isChain(property: PropertyKey): boolean {
  return chain.has(property)
}

function extending(
  target: Callable,
  extend: Callable,
  deps: Dependencies,
  report: (fixtures: ReadonlySet<string>) => void,
): (...args: unknown[]) => Callable {
  return (...args) => {
    const extended = Reflect.apply(extend, target, args) as Callable
    return wrap(extended, new Map([...deps, ...definitions(args)]), report)
  }
}

/** Fixture definitions of one `.extend()` call, in the builder or the object form, by name. */
function definitions(args: readonly unknown[]): [string, Set<string>][] {
  const [first, ...rest] = args
  if (typeof first === 'string') {
    const fn = rest.find((argument) => typeof argument === 'function')
    return fn === undefined ? [] : [[first, namesOf(fn)]]
  }
  if (typeof first !== 'object' || first === null) return []
  return Object.entries(first).flatMap(([name, value]): [string, Set<string>][] => {
    const fn: unknown = Array.isArray(value) ? value[0] : value
    return typeof fn === 'function' ? [[name, namesOf(fn)]] : []
  })
}

function expand(names: ReadonlySet<string>, deps: Dependencies): Set<string> {
  const all = new Set<string>()
  const visit = (name: string): void => {
    if (all.has(name)) return
    all.add(name)
    for (const next of deps.get(name) ?? []) visit(next)
  }
  for (const name of names) visit(name)
  return all
}

/** Names that any object-destructuring parameter of a function takes apart, read from its source like Vitest does. */
export function namesOf(fn: object): Set<string> {
  const source = Function.prototype.toString.call(fn).replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  const parameters = source.slice(source.indexOf('(') + 1)
  const names = new Set<string>()
  for (const pattern of topLevelPatterns(parameters)) {
    for (const name of splitTop(pattern)) {
      const bare = name.replace(/[:=][\s\S]*/, '').trim()
      if (bare !== '') names.add(bare)
    }
  }
  return names
}

/** The `{…}` parameters of a parameter list that ends at its closing parenthesis. */
function topLevelPatterns(text: string): string[] {
  const patterns: string[] = []
  let depth = 0
  let start = -1
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i)
    if ('([{'.includes(char)) {
      if (char === '{' && depth === 0) start = i + 1
      depth += 1
    } else if (')]}'.includes(char)) {
      depth -= 1
      if (depth < 0) break
      if (char === '}' && depth === 0 && start >= 0) patterns.push(text.slice(start, i))
    }
  }
  return patterns
}

function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i)
    if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char)) depth -= 1
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
