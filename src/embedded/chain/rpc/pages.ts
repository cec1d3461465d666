import { RpcError } from './errors.ts'
import type { RpcArgs } from './params.ts'

const defaultPerPage = 30
const maxPerPage = 100

/** The slice of `total` items that `page` and `per_page` ask for; throws for a page that does not exist. */
export function pageOf(total: number, args: RpcArgs): { readonly from: number; readonly to: number } {
  const asked = args.int('per_page') ?? defaultPerPage
  const perPage = asked < 1 ? defaultPerPage : Math.min(asked, maxPerPage)
  const pages = Math.max(1, Math.ceil(total / perPage))
  const page = args.int('page') ?? 1
  if (page < 1 || page > pages)
    throw new RpcError(-32600, `page should be within [1, ${pages}] range, given ${page}`)
  return { from: (page - 1) * perPage, to: page * perPage }
}
