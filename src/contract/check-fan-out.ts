import { checkPlace } from './check-tasks.ts'
import { accept, integer, isPlainObject, oneOf, refuse } from './checks.ts'
import { list } from './check-structures.ts'
import type { Checked } from './problem.ts'
import type { FanOut } from './tasks.ts'

const words = oneOf(['all', 'best-effort'])

/** A fan-out that can mean something: at least one node, none of them twice, and a quorum that they can reach. */
export function checkFanOut(nodes: unknown, options: FanOut): Checked<unknown> {
  const places = list(checkPlace, 1)(nodes, 'each(nodes, …)')
  if (!places.ok) return places
  const names = places.value.map(({ namespace, name }) => `${namespace}/${name}`)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    return refuse({
      what: `${twice} is there twice`,
      where: 'each(nodes, …)',
      expected: 'each node once',
      fix: 'leave one of them out',
    })
  const { require = 'all', onFailure = 'await' } = options
  const policy = oneOf(['await', 'cancel'])(onFailure, 'each(…, { onFailure })')
  if (!policy.ok) return policy
  if (!isPlainObject(require)) return words(require, 'each(…, { require })')
  const needed = integer(1, names.length)(require.quorum, 'each(…, { require: quorum(n) })')
  return needed.ok ? accept(undefined) : needed
}
