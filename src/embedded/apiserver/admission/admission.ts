import type { ServerContext } from '../context.ts'
import { deepEqual, type ApiObject } from '../object.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import type { Resource } from '../resource-type.ts'
import { forbidden, internalError, StatusError } from '../status-error.ts'
import { DecodingError } from '../verbs/decoding-error.ts'
import type { Attributes } from './attributes.ts'
import { Caller } from './call.ts'
import { Hooks, type Hook } from './hooks.ts'
import { isExempt, isSelected, wantedResource } from './match.ts'
import { matchConditions } from './match-conditions.ts'
import { patchFailure } from './patch-failure.ts'
import { CallError, denial, readVerdict, reviewOf, type Verdict } from './review.ts'

type Context = Pick<ServerContext, 'registry' | 'store'>

/** Asks the webhooks that are configured about writes. */
export class Admission {
  readonly #context: Context
  readonly #mutating: Hooks
  readonly #validating: Hooks
  readonly #caller: Caller

  constructor(context: Context) {
    this.#context = context
    const hooks = (plural: string): Hooks =>
      new Hooks(context.store.collection(`${plural}.admissionregistration.k8s.io`))
    this.#mutating = hooks('mutatingwebhookconfigurations')
    this.#validating = hooks('validatingwebhookconfigurations')
    this.#caller = new Caller(context)
  }

  /** Those whose rules match a write; `undefined` where there are none, so that it can be done at once. */
  begin(attributes: Attributes): Admitting | undefined {
    if (isExempt(attributes.resource)) return undefined
    const wanted = (hooks: Hooks): Wanted[] =>
      hooks.all().flatMap((hook) => {
        const resource = wantedResource(this.#context, hook, attributes)
        return resource === undefined ? [] : [{ hook, resource }]
      })
    const [mutating, validating] = [wanted(this.#mutating), wanted(this.#validating)]
    if (mutating.length + validating.length === 0) return undefined
    return new Admitting(this.#context, this.#caller, attributes, mutating, validating)
  }

  close(): void {
    this.#caller.close()
  }
}

interface Wanted {
  readonly hook: Hook
  /** In whose form it sees the objects. */
  readonly resource: Resource
}

interface Objects {
  readonly object: ApiObject | undefined
  readonly old: ApiObject | undefined
}

/** One write on its way through its webhooks. */
export class Admitting {
  readonly #context: Context
  readonly #caller: Caller
  readonly #attributes: Attributes
  readonly #mutating: readonly Wanted[]
  readonly #validating: readonly Wanted[]

  constructor(
    context: Context,
    caller: Caller,
    attributes: Attributes,
    mutating: readonly Wanted[],
    validating: readonly Wanted[],
  ) {
    this.#context = context
    this.#caller = caller
    this.#attributes = attributes
    this.#mutating = mutating
    this.#validating = validating
  }

  /**
   * What the mutating webhooks make of an object, one after the other. One that asks for it is called once more when a later
   * one has changed something.
   * @param decode reads what a patch made as the object's kind
   * @throws StatusError for a refusal, or a call that failed and must not
   */
  async mutate(
    object: ApiObject,
    old: ApiObject | undefined,
    decode: (object: ApiObject) => ApiObject,
  ): Promise<ApiObject> {
    const again = new Set<Hook>()
    const first = await this.#round({ object, old }, decode, again)
    if (again.size === 0) return first
    return this.#round({ object: first, old }, decode, new Set(), again)
  }

  /** The mutating webhooks' word on a deletion, of which they can change nothing. Throws StatusError. */
  async mutateDeletion(old: ApiObject): Promise<void> {
    for (const wanted of this.#mutating) {
      const verdict = await this.#ask(wanted, { object: undefined, old }, true)
      if (verdict === undefined || verdict.patch.length === 0) continue
      const what = `admission webhook ${JSON.stringify(wanted.hook.name)} attempted to modify the object`
      throw internalError(`${what}, which is not supported for this operation`)
    }
  }

  /** Asks all the validating webhooks at once. Throws the StatusError of the first that refuses. */
  async validate(object: ApiObject | undefined, old: ApiObject | undefined): Promise<void> {
    const { name } = this.#attributes
    // The server has made a name by now.
    const attributes = { ...this.#attributes, name: name === '' ? (object?.metadata.name ?? '') : name }
    const refusals: unknown[] = []
    const asked = this.#validating.map((wanted) =>
      this.#ask(wanted, { object, old }, false, attributes).catch((error: unknown) => refusals.push(error)),
    )
    await Promise.all(asked)
    if (refusals.length > 0) throw refusals[0]
  }

  /**
   * @param again gets those that a later change concerns
   * @param only leaves out all others
   */
  async #round(
    { object, old }: Objects & { readonly object: ApiObject },
    decode: (object: ApiObject) => ApiObject,
    again: Set<Hook>,
    only?: ReadonlySet<Hook>,
  ): Promise<ApiObject> {
    let current = object
    const before = new Set<Hook>()
    for (const wanted of this.#mutating) {
      const { hook, resource } = wanted
      if (only !== undefined && !only.has(hook)) continue
      const verdict = await this.#ask(wanted, { object: current, old }, true)
      if (verdict === undefined) continue
      const patched =
        verdict.patch.length === 0 ? current : this.#patched(current, resource, verdict.patch, decode)
      if (!deepEqual(patched, current)) for (const one of before) again.add(one)
      current = patched
      if (hook.reinvoked) before.add(hook)
    }
    return current
  }

  /** Throws StatusError 500 for a patch that does not apply. */
  #patched(
    object: ApiObject,
    resource: Resource,
    operations: readonly unknown[],
    decode: (object: ApiObject) => ApiObject,
  ): ApiObject {
    const shown = this.#shown(object, resource)
    try {
      return decode(this.#fromShown(applyJsonPatch(shown, operations), resource))
    } catch (error) {
      if (error instanceof DecodingError) throw internalError(error.why)
      if (error instanceof StatusError) throw internalError(patchFailure(shown, operations))
      throw error
    }
  }

  /** The verdict of one webhook; `undefined` where it is not concerned, or failed and may. */
  async #ask(
    { hook, resource }: Wanted,
    objects: Objects,
    mutating: boolean,
    attributes: Attributes = this.#attributes,
  ): Promise<Verdict | undefined> {
    if (!isSelected(this.#context, hook, attributes, objects)) return undefined
    const shown = {
      object: objects.object && this.#shown(objects.object, resource),
      old: objects.old && this.#shown(objects.old, resource),
    }
    const { uid, body } = reviewOf(attributes, resource, shown)
    if (!(await isWanted(hook, attributes, body.request))) return undefined
    try {
      const verdict = readVerdict(await this.#caller.call(hook, body), uid, mutating)
      for (const warning of verdict.warnings) attributes.warnings.add(warning)
      if (!verdict.allowed) throw denial(hook.name, verdict.result)
      return verdict
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      if (hook.ignoresFailure) return undefined
      throw internalError(`failed calling webhook ${JSON.stringify(hook.name)}: ${error.message}`)
    }
  }

  #shown(object: ApiObject, resource: Resource): ApiObject {
    const own = this.#attributes.resource
    if (resource === own) return object
    const stored = own.toStored === undefined ? object : own.toStored(object)
    return resource.fromStored === undefined ? stored : resource.fromStored(stored)
  }

  #fromShown(object: ApiObject, resource: Resource): ApiObject {
    const own = this.#attributes.resource
    if (resource === own) return object
    const stored = resource.toStored === undefined ? object : resource.toStored(object)
    return own.fromStored === undefined ? stored : own.fromStored(stored)
  }
}

/** Throws StatusError 403 where nobody can tell, and failures must not be ignored. */
async function isWanted(
  hook: Hook,
  { resource, name }: Attributes,
  request: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const matched = await matchConditions(hook.conditions, request)
  if ('matches' in matched) return matched.matches
  if (hook.ignoresFailure) return false
  throw forbidden(resource, name, matched.error)
}
