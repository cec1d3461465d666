import { apiVersionOf, configMaps } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { ConfigMap } from '../../contract/objects.ts'
import { infraFailure } from './exit-reason.ts'
import { ownerReference } from './identity.ts'
import type { StepContext } from './step.ts'

export interface RenderProfileOptions {
  /** Key of the source without its `.json`. */
  readonly profile: string
  /** Of the ConfigMap that is made, with the one key `profile.json`. */
  readonly name: string
  readonly chainId: string
  /** EVM URLs, joined by commas. */
  readonly endpoints: string
}

/** Holds the profiles of a namespace; belongs to the platform, never to a run. */
const profilesName = 'seiload-profiles'

/**
 * Puts chain id and endpoints into a profile of seiload, in a ConfigMap that goes with the run. The placeholders stand inside
 * of brackets, so that the source is no JSON; what comes out of it has to be.
 */
export async function runRenderProfile(step: StepContext, options: RenderProfileOptions): Promise<void> {
  const { cluster, identity, say } = step
  const { namespace } = identity
  const key = `${options.profile}.json`
  const source = await cluster.kube.find<ConfigMap>(configMaps, { namespace, name: profilesName })
  if (source === undefined) throw infraFailure(`ConfigMap ${namespace}/${profilesName} is not there`)
  const text = source.data?.[key]
  if (text === undefined) {
    const keys = Object.keys(source.data ?? {}).join(', ')
    throw infraFailure(`ConfigMap ${profilesName} has no ${key}; it has ${keys === '' ? 'nothing' : keys}`)
  }
  const urls = options.endpoints.split(',').filter((url) => url !== '')
  if (urls.length === 0) throw infraFailure('there is no EVM endpoint to put into the profile')
  const profile = text
    .replaceAll('__SEI_CHAIN_ID__', options.chainId)
    .replaceAll('__RPC_ENDPOINTS__', urls.map((url) => JSON.stringify(url)).join(','))
  refuseMalformed(profile, key)
  const labels = { ...identity.labels, 'sei.io/chain-id': options.chainId }
  const rendered: ConfigMap = {
    apiVersion: apiVersionOf(configMaps),
    kind: configMaps.kind,
    metadata: { name: options.name, namespace, labels, ownerReferences: [ownerReference(identity)] },
    data: { 'profile.json': profile },
  }
  await cluster.kube.apply(configMaps, rendered, { fieldManager: fieldManagers.harness })
  say(`profile ${options.profile} for ${urls.length} endpoints is in ConfigMap ${options.name}`)
}

function refuseMalformed(profile: string, key: string): void {
  try {
    JSON.parse(profile)
  } catch (error) {
    throw infraFailure(
      `${key} of ConfigMap ${profilesName} is no JSON once its placeholders are filled`,
      error,
    )
  }
}
