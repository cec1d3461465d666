import { pathOf, type ResourceType } from '../contract/kinds.ts'
import type { KubeList, KubeObject } from '../contract/objects.ts'
import { isExpired } from './errors.ts'
import { describeTarget, fillHeaders, queryOf, selectorsOf } from './objects.ts'
import type { Call, Transport } from './transport.ts'
import type { ListOptions } from './types.ts'

const pageSize = 500

/**
 * All pages of a list. When the snapshot expires between two pages, the whole is read again as one page. `single` is for the first
 * page, by which a server shows whether it answers: to start over for each later one that fails would lead nowhere.
 */
export async function listAll<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  how: Pick<Call, 'signal' | 'single'> = {},
): Promise<KubeList<T>> {
  const first = await page<T>(transport, type, options, { ...how, limit: pageSize })
  const items = first.items
  let next = first.metadata.continue
  while (next !== undefined && next !== '') {
    try {
      const more = await page<T>(transport, type, options, { signal: how.signal, limit: pageSize, next })
      for (const item of more.items) items.push(item)
      next = more.metadata.continue
    } catch (error) {
      if (!isExpired(error)) throw error
      return page<T>(transport, type, options, how)
    }
  }
  return { ...first, metadata: { resourceVersion: first.metadata.resourceVersion }, items }
}

interface PageOptions extends Pick<Call, 'signal' | 'single'> {
  readonly limit?: number
  readonly next?: string
}

async function page<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  { limit, next, signal, single }: PageOptions,
): Promise<KubeList<T>> {
  const query = queryOf({ ...selectorsOf(options), limit, continue: next })
  const body = await transport.send({
    method: 'GET',
    path: pathOf(type, { namespace: options.namespace }) + query,
    what: `list ${describeTarget(type, { namespace: options.namespace })}`,
    signal,
    single,
    repeatable: true,
  })
  return fillHeaders(type, JSON.parse(body) as KubeList<T>)
}
