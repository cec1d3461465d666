import { genesisDocument } from '../genesis-document.ts'
import { RestError } from './errors.ts'
import type { RestRequest, RestRoute } from './route.ts'

const gov = '/cosmos/gov/v1beta1'
const upgrade = '/cosmos/upgrade/v1beta1'

/** Nothing can be proposed to a simulated chain: it has no plan, and every proposal is unknown. */
export const governanceRoutes: readonly RestRoute[] = [
  { method: 'GET', path: `${upgrade}/current_plan`, run: () => ({ plan: null }) },
  { method: 'GET', path: `${upgrade}/applied_plan/{name}`, run: () => ({ height: '0' }) },
  {
    method: 'GET',
    path: `${gov}/proposals`,
    run: () => ({ proposals: [], pagination: { next_key: null, total: '0' } }),
  },
  { method: 'GET', path: `${gov}/proposals/{id}`, run: unknownProposal },
  { method: 'GET', path: `${gov}/proposals/{id}/tally`, run: unknownProposal },
  { method: 'GET', path: `${gov}/proposals/{id}/votes`, run: unknownProposal },
  { method: 'GET', path: `${gov}/params/{kind}`, run: params },
]

function unknownProposal({ parts: [id = ''] }: RestRequest): never {
  if (!/^\d+$/.test(id) || Number(id) === 0) throw new RestError(3, 'proposal id can not be 0')
  throw new RestError(5, `proposal ${id} doesn't exist`)
}

function params({ node, parts: [kind = ''] }: RestRequest): unknown {
  const name = { voting: 'voting_params', deposit: 'deposit_params', tallying: 'tally_params' }[kind]
  if (name === undefined) throw new RestError(3, `${kind} is not a valid parameter type`)
  const { app_state } = genesisDocument(node.config.genesis)
  return { [name]: (app_state as { gov: Record<string, unknown> }).gov[name] }
}
