import { secrets } from '../../../../contract/kinds.ts'
import type { Secret } from '../../../../contract/objects.ts'
import { type Outcome, TerminalTaskError } from '../../plans/execute.ts'
import type { NodeContext } from '../context.ts'
import { type NodeDraft, setNodeCondition } from '../draft.ts'
import { nodeKeySecretOf, operatorKeyringOf, signingKeySecretOf } from '../mode.ts'

/** A Secret that is not there yet: the task waits for it without limit. */
class SecretPending extends Error {}

/** Checks the shape of a validator's consensus key; whether it is a good key is for seid to say. */
export function validateSigningKey(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const name = signingKeySecretOf(draft) ?? ''
  const done = `Secret "${name}" passes all signing-key validation rules`
  return validated(context, draft, 'SigningKey', done, async () => {
    const key = keyDocument(await secretNamed(context, draft, name), 'priv_validator_key.json')
    if (text(key, 'address') === '') throw new TerminalTaskError(`secret "${name}": missing address`)
    requireKey(key, 'pub_key', name)
    requireKey(key, 'priv_key', name)
  })
}

/** Checks the shape of a p2p key. */
export function validateNodeKey(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const name = nodeKeySecretOf(draft) ?? ''
  const done = `Secret "${name}" passes all node-key validation rules`
  return validated(context, draft, 'NodeKey', done, async () => {
    requireKey(keyDocument(await secretNamed(context, draft, name), 'node_key.json'), 'priv_key', name)
  })
}

/** Checks that a keyring Secret holds the key it should and that there is a passphrase; opens nothing. */
export function validateOperatorKeyring(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const keyring = operatorKeyringOf(draft)
  const { secretName: name = '', keyName = 'node_admin' } = keyring ?? {}
  const { secretName: passphraseName = '', key: passphraseKey = '' } = keyring?.passphraseSecretRef ?? {}
  const done = `Secret pair ("${name}", "${passphraseName}") passes operator-keyring validation`
  return validated(context, draft, 'OperatorKeyring', done, async () => {
    const { data = {} } = await secretNamed(context, draft, name)
    if (!Object.keys(data).some((key) => key.endsWith('.address')))
      throw new TerminalTaskError(`secret "${name}" has no "*.address" data keys`)
    if ((data[`${keyName}.info`] ?? '') === '')
      throw new TerminalTaskError(
        `secret "${name}" is missing data key "${keyName}.info" for keyName "${keyName}"`,
      )
    const passphrase = await secretNamed(context, draft, passphraseName)
    if ((passphrase.data?.[passphraseKey] ?? '') === '')
      throw new TerminalTaskError(`passphrase Secret "${passphraseName}" missing data key "${passphraseKey}"`)
  })
}

/** Runs a check and tells its outcome in the condition `<subject>Ready`. */
async function validated(
  context: NodeContext,
  draft: NodeDraft,
  subject: 'SigningKey' | 'NodeKey' | 'OperatorKeyring',
  done: string,
  check: () => Promise<void>,
): Promise<Outcome> {
  const say = (status: 'True' | 'False', reason: string, message: string): void =>
    setNodeCondition(
      draft,
      { type: `${subject}Ready`, status, reason: `${subject}${reason}`, message },
      context.clock.now(),
    )
  try {
    await check()
  } catch (error) {
    if (error instanceof SecretPending) {
      say('False', 'NotReady', error.message)
      return { state: 'running' }
    }
    if (error instanceof TerminalTaskError) say('False', 'Invalid', error.message)
    throw error
  }
  say('True', 'Validated', done)
  return { state: 'complete' }
}

async function secretNamed(context: NodeContext, draft: NodeDraft, name: string): Promise<Secret> {
  const { namespace = '' } = draft.metadata
  const secret = await context.kube.find<Secret>(secrets, { namespace, name })
  if (secret === undefined) throw new SecretPending(`secret "${name}" not found in namespace "${namespace}"`)
  if (secret.metadata.deletionTimestamp !== undefined)
    throw new SecretPending(`secret "${name}" is being deleted`)
  return secret
}

function keyDocument(secret: Secret, dataKey: string): Record<string, unknown> {
  const { name } = secret.metadata
  const encoded = secret.data?.[dataKey] ?? ''
  if (encoded === '') throw new TerminalTaskError(`secret "${name}" missing required data key "${dataKey}"`)
  try {
    const document: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
    if (isRecord(document)) return document
  } catch {
    // What is not JSON is refused below; the text itself is a secret and must not be named.
  }
  throw new TerminalTaskError(`secret "${name}" data key "${dataKey}" is not valid JSON`)
}

function requireKey(document: Record<string, unknown>, field: string, secret: string): void {
  const key = document[field]
  if (!isRecord(key) || text(key, 'type') === '' || text(key, 'value') === '')
    throw new TerminalTaskError(`secret "${secret}": missing ${field}.type or ${field}.value`)
}

function text(document: Record<string, unknown>, field: string): string {
  const value = document[field]
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
