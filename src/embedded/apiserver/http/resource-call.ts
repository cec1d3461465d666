import type { ServerContext } from '../context.ts'
import { keyFor, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { invalid, notFound } from '../status-error.ts'
import type { Answers } from './answers.ts'
import type { ApiRequest } from './request.ts'

/** One request for a resource, with the means to answer it. */
export interface ResourceCall {
  readonly context: ServerContext
  readonly request: ApiRequest
  readonly resource: Resource
  readonly namespace: string | undefined
  /** Empty for a collection. */
  readonly name: string
  readonly answers: Answers
}

/** The object a call names, as its resource shows it. Throws 404. */
export function requireObject(call: ResourceCall): ApiObject {
  const found = call.resource.collection.get(keyFor(call.namespace, call.name))
  if (found === undefined) throw notFound(call.resource, call.name)
  return viewOf(call.resource, found)
}

/** Awaits what takes time to find wrong with a candidate. Throws 422. */
export async function precheck(resource: Resource, candidate: ApiObject, call: ResourceCall): Promise<void> {
  if (resource.strategy.precheck === undefined) return
  const options = {
    fieldValidation: 'Ignore',
    warnings: call.request.warnings,
    decoding: new Set<string>(),
  } as const
  const errors = await resource.strategy.precheck(resource.strategy.normalise(candidate, undefined, options))
  if (errors.length > 0) throw invalid(resource, candidate.metadata.name, errors)
}
