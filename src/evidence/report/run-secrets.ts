import { secrets, type Place } from '../../contract/kinds.ts'
import type { Secret } from '../../contract/objects.ts'
import { keySecretKeys, varKeys } from '../../contract/workflow-vars.ts'
import type { KubeClient } from '../../kube/types.ts'

/**
 * Values of the Secrets that the steps of a Workflow have made, which nothing about the run may show: for `Redactor.learn`. Where
 * Secrets may not be listed, that of the admin key is read by the name that keygen left in the run's vars; what may not be
 * read at all is left to the redactor's rules. Never rejects.
 */
export async function readRunSecrets(
  kube: KubeClient,
  workflow: Place & { readonly uid?: string | undefined },
  vars: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { name, namespace, uid } = workflow
  const listed = await kube.list<Secret>(secrets, { namespace }).catch(() => undefined)
  const ofRun = listed?.items.filter(
    ({ metadata }) =>
      metadata.name.endsWith(`-${name}`) ||
      (uid !== undefined && metadata.ownerReferences?.some((owner) => owner.uid === uid)),
  )
  const found = ofRun ?? (await readNamed(kube, namespace, vars[varKeys.adminSecretName]))
  return found.flatMap(valuesOf)
}

async function readNamed(kube: KubeClient, namespace: string, name: string | undefined): Promise<Secret[]> {
  if (name === undefined || name === '') return []
  const found = await kube.find<Secret>(secrets, { namespace, name }).catch(() => undefined)
  return found === undefined ? [] : [found]
}

/** The address of a key is no secret: everybody may know it, and reports name it. */
function valuesOf({ data = {} }: Secret): string[] {
  return Object.entries(data)
    .filter(([key]) => key !== keySecretKeys.address)
    .map(([, value]) => Buffer.from(value, 'base64').toString('utf8'))
}
