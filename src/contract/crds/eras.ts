import { headCrds } from './head/all.ts'
import { seiNetworkCrd } from './head/seinetwork.ts'
import { seiNodeCrd } from './head/seinode.ts'
import type { SeiNodeTaskKind } from './head/seinodetask.ts'
import { juneTaskCrd, type JuneTaskKind } from './june/seinodetask.ts'
import type { CustomResourceDefinition } from './schema.ts'

/**
 * Times at which the Sei kinds differed: `head` is today's four definitions; `june` is head's SeiNetwork and SeiNode with the
 * SeiNodeTask of June 2026, which knows DiscoverPeers and RestartPod, and without workflows.
 */
export const eras = ['head', 'june'] as const
export type Era = (typeof eras)[number]

/** What a SeiNodeTask can be in any era. */
export type AnyTaskKind = SeiNodeTaskKind | JuneTaskKind

/** The definitions of an era, ready to be created on an API server. */
export const definitionsOf: Readonly<Record<Era, readonly CustomResourceDefinition[]>> = {
  head: headCrds,
  june: [seiNetworkCrd, seiNodeCrd, juneTaskCrd],
}
