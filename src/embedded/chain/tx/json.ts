import { messageTables, typeUrls, type MessageName, type Messages, type TypeUrl } from './messages.ts'
import { decode } from './wire.ts'

/** Numbers that stand for names. */
const enums: Readonly<Record<string, readonly string[]>> = {
  mode: ['SIGN_MODE_UNSPECIFIED', 'SIGN_MODE_DIRECT', 'SIGN_MODE_TEXTUAL'],
  option: [
    'VOTE_OPTION_UNSPECIFIED',
    'VOTE_OPTION_YES',
    'VOTE_OPTION_ABSTAIN',
    'VOTE_OPTION_NO',
    'VOTE_OPTION_NO_WITH_VETO',
  ],
}
const isNarrow = new Set(['mode', 'option'])

/** A transaction as REST prints it: fields by their proto names, bytes in base64, an `Any` with its type in `@type`. */
export function txJson(bytes: Uint8Array): unknown {
  const raw = decode('TxRaw', bytes)
  return {
    '@type': '/cosmos.tx.v1beta1.Tx',
    body: {
      ...(json('TxBody', decode('TxBody', raw.bodyBytes)) as object),
      non_critical_extension_options: [],
    },
    auth_info: json('AuthInfo', decode('AuthInfo', raw.authInfoBytes)),
    signatures: raw.signatures.map(base64),
  }
}

/** A message's fields as REST prints them. */
export function json(name: MessageName, message: Messages[MessageName]): unknown {
  const values = message as Readonly<Record<string, unknown>>
  if (name === 'Any') return anyJson(message as Messages['Any'])
  if (name === 'Plan') return planJson(message as Messages['Plan'])
  const fields = messageTables[name].split(' ').map((entry) => {
    const [, field = '', type = ''] = entry.split(':')
    const value = values[field]
    const kind = type.replace('[]', '')
    const printed = Array.isArray(value)
      ? value.map((item) => print(field, kind, item))
      : print(field, kind, value)
    return [snakeCase(field), printed]
  })
  return Object.fromEntries(fields)
}

/** A plan with the fields that its message leaves out, as they are always zero here. */
export function planJson({ name, height, info }: Messages['Plan']): unknown {
  return { name, time: '0001-01-01T00:00:00Z', height: String(height), info, upgraded_client_state: null }
}

function print(field: string, kind: string, value: unknown): unknown {
  if (value === undefined) return null
  if (kind === 'int') return isNarrow.has(field) ? (enums[field]?.[Number(value)] ?? value) : String(value)
  if (kind === 'bytes') return base64(value as Uint8Array)
  return kind === 'string' || kind === 'bool'
    ? value
    : json(kind as MessageName, value as Messages[MessageName])
}

function anyJson({ typeUrl, value }: Messages['Any']): unknown {
  if (!Object.hasOwn(typeUrls, typeUrl)) return { '@type': typeUrl, value: base64(value) }
  const name = typeUrls[typeUrl as TypeUrl]
  return { '@type': typeUrl, ...(json(name, decode(name, value)) as object) }
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
