import type { Plan } from '../../../contract/crds/head/shared.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskWorkflow } from '../../../contract/crds/head/seinodetaskworkflow.ts'
import { buildPlan, type Step } from '../plans/build.ts'

const fewestWitnesses = 2

/** The steps of a workflow on a node. Throws what it cannot be built for: too few witnesses, or a migration without payload. */
export function workflowPlan({ spec }: SeiNodeTaskWorkflow, node: SeiNode): Plan {
  const recipe = spec.stateSync
  if (recipe === undefined) throw new Error(`spec.stateSync is required for kind ${spec.kind}`)
  const rpcServers = recipe.rpcServers ?? node.status?.resolvedStateSyncers ?? []
  // Entries are counted, not distinct ones.
  if (rpcServers.length < fewestWitnesses)
    throw new Error(`state sync requires >=${fewestWitnesses} rpc servers, got ${rpcServers.length}`)
  const migration: Step[] =
    recipe.migration === undefined ? [] : [['config-patch', migrationPatch(recipe.migration)]]
  return buildPlan(
    [
      ['mark-not-ready', {}],
      ['stop-seid', {}],
      ['reset-data', {}],
      ...migration,
      [
        'configure-state-sync',
        { BackfillBlocks: 0, RpcServers: rpcServers, TrustPeriod: '', UseLocalSnapshot: false },
      ],
      ['mark-ready', {}],
    ],
    {},
  )
}

type Migration = NonNullable<NonNullable<SeiNodeTaskWorkflow['spec']['stateSync']>['migration']>

function migrationPatch({ kind, gigaStore }: Migration): unknown {
  if (gigaStore === undefined) throw new Error(`migration.gigaStore is required for kind ${kind}`)
  return {
    files: {
      'app.toml': {
        'state-commit': { 'sc-enable': true },
        'state-store': {
          'ss-enable': true,
          'evm-ss-split': true,
          'ss-backend': gigaStore.backend ?? 'pebbledb',
        },
      },
    },
  }
}
