import { RpcError } from './errors.ts'

export type ParamType = 'int' | 'bool' | 'string' | 'bytes'
export type ParamSpec = Readonly<Record<string, ParamType>>

/** Arguments of one call, checked against the method's parameters. Absent and empty are the same. */
export class RpcArgs {
  readonly #values: ReadonlyMap<string, number | boolean | string | Buffer>

  constructor(values: ReadonlyMap<string, number | boolean | string | Buffer>) {
    this.#values = values
  }

  int(name: string): number | undefined {
    const value = this.#values.get(name)
    return typeof value === 'number' ? value : undefined
  }

  string(name: string): string {
    const value = this.#values.get(name)
    return typeof value === 'string' ? value : ''
  }

  bool(name: string): boolean {
    return this.#values.get(name) === true
  }

  bytes(name: string): Buffer | undefined {
    const value = this.#values.get(name)
    return Buffer.isBuffer(value) ? value : undefined
  }
}

/** Arguments of a URL: integers, booleans, `0x…` and double-quoted strings. Throws what becomes HTTP 400. */
export function argsFromQuery(spec: ParamSpec, query: URLSearchParams): RpcArgs {
  const values = new Map<string, number | boolean | string | Buffer>()
  for (const [name, type] of Object.entries(spec)) {
    const text = query.get(name)
    if (text === null || text === '') continue
    const quoted = /^"(.*)"$/s.exec(text)?.[1]
    const value = fromText(type, quoted ?? text, quoted !== undefined)
    if (value === undefined) throw new RpcError(-32602, `parsing parameter ${name}: invalid value ${text}`)
    values.set(name, value)
  }
  return new RpcArgs(values)
}

function fromText(
  type: ParamType,
  text: string,
  quoted: boolean,
): number | boolean | string | Buffer | undefined {
  if (type === 'int') return /^-?\d+$/.test(text) ? Number(text) : undefined
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined
  if (type === 'string') return text
  if (/^0x([0-9a-f]{2})*$/i.test(text)) return Buffer.from(text.slice(2), 'hex')
  if (quoted) return Buffer.from(text, 'utf8')
  return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** Arguments of a JSON-RPC body: by name or by position; heights as number or string, bytes as base64 or hex. */
export function argsFromBody(spec: ParamSpec, params: unknown): RpcArgs {
  const names = Object.keys(spec)
  if (params === undefined || params === null) return new RpcArgs(new Map())
  if (typeof params !== 'object') throw new RpcError(-32602, 'params must be an object or an array')
  const given: [string, unknown][] = Array.isArray(params)
    ? params.map((value, i) => [names[i] ?? '', value])
    : Object.entries(params)
  if (names.length === 0 && given.length > 0) throw new RpcError(-32602, 'method does not take parameters')
  const values = new Map<string, number | boolean | string | Buffer>()
  for (const [name, value] of given) {
    const type = spec[name]
    if (type === undefined) throw new RpcError(-32602, `unknown parameter ${JSON.stringify(name)}`)
    if (value === null || value === undefined || value === '') continue
    const parsed = fromJson(type, value)
    if (parsed === undefined)
      throw new RpcError(-32602, `cannot read parameter ${name} from ${JSON.stringify(value)}`)
    values.set(name, parsed)
  }
  return new RpcArgs(values)
}

function fromJson(type: ParamType, value: unknown): number | boolean | string | Buffer | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? value : undefined
  if (type === 'int') {
    if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
    return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined
  }
  if (typeof value !== 'string') return undefined
  if (type === 'string') return value
  const hex = /^(0x)?((?:[0-9a-f]{2})+)$/i.exec(value)
  const isHex = hex !== null && (hex[1] !== undefined || value.length === 64)
  return Buffer.from(isHex ? (hex[2] ?? '') : value, isHex ? 'hex' : 'base64')
}
