import { isRecord } from '../../src/embedded/apiserver/object.ts'
import type { Case } from '../../ci/crds/cases.ts'
import type { Answer, ApiTarget } from '../helpers/api-target.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a server says to one write, names and revisions aside. */
export interface Said {
  readonly code: number
  readonly reason?: unknown
  readonly causes?: readonly string[]
  readonly warnings?: readonly string[]
  /** Spec and status with their defaults. */
  readonly stored?: unknown
}

interface Prepared {
  readonly said: Said
  /** The object as the server holds it; undefined when it was refused. */
  readonly object: Fields | undefined
}

const atOnce = 12

/** Puts every write to a server that has the definition, as a dry run; what is to be updated is created first. */
export async function judgeSpecs(target: ApiTarget, path: string, cases: readonly Case[]): Promise<Said[]> {
  const olds = new Map<string, Promise<Prepared>>()
  const prepare = (old: Fields): Promise<Prepared> => {
    const key = JSON.stringify(old)
    const made = olds.get(key) ?? create(target, path, named(old, `old-${olds.size}`))
    olds.set(key, made)
    return made
  }
  const said: Said[] = []
  const rest = cases.entries()
  const work = async (): Promise<void> => {
    for (const [index, write] of rest) said[index] = await judgeSpec(target, path, write, prepare)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return said
}

async function judgeSpec(
  target: ApiTarget,
  path: string,
  { object, old }: Case,
  prepare: (old: Fields) => Promise<Prepared>,
): Promise<Said> {
  if (!isRecord(object)) throw new Error('every write is of an object')
  const dryRun = 'dryRun=All&fieldValidation=Warn'
  const { status, ...main } = object
  if (!isRecord(old) && status === undefined)
    return judged(await target.call('POST', `${path}?${dryRun}`, { body: object }))
  const { said, object: live } = await prepare(isRecord(old) ? old : main)
  if (live === undefined) return said
  const endpoint = status === undefined && !(isRecord(old) && 'status' in old) ? '' : '/status'
  const { name, resourceVersion } = live['metadata'] as { name: string; resourceVersion: string }
  const body = { ...object, metadata: { ...recordOf(object['metadata']), name, resourceVersion } }
  return judged(await target.call('PUT', `${path}/${name}${endpoint}?${dryRun}`, { body }))
}

/** Creates an object and gives it its status, which has an endpoint of its own. */
async function create(target: ApiTarget, path: string, object: Fields): Promise<Prepared> {
  const made = await target.call('POST', path, { body: object })
  if (made.status !== 201) return { said: judged(made), object: undefined }
  if (object['status'] === undefined) return { said: judged(made), object: made.body as Fields }
  const { name } = object['metadata'] as { name: string }
  const body = { ...(made.body as Fields), status: object['status'] }
  const answer = await target.call('PUT', `${path}/${name}/status`, { body })
  return { said: judged(answer), object: answer.status === 200 ? (answer.body as Fields) : undefined }
}

function named(object: Fields, name: string): Fields {
  return { ...object, metadata: { ...recordOf(object['metadata']), name } }
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {}
}

function judged({ status, headers, body }: Answer): Said {
  const { warning } = headers
  const texts = typeof warning === 'string' ? warning.match(/"(?:[^"\\]|\\.)*"/g) : undefined
  const warnings = texts === undefined || texts === null ? {} : { warnings: [...texts].toSorted() }
  if (!isRecord(body)) return { code: status }
  if (body['kind'] !== 'Status')
    return { code: status, ...warnings, stored: { spec: body['spec'], status: body['status'] } }
  const { causes = [] } = recordOf(body['details']) as { causes?: readonly Fields[] }
  const lines = causes.map(({ field, reason }) => `${field} ${reason}`)
  return { code: status, reason: body['reason'], causes: lines.toSorted(), ...warnings }
}
