import type { ServerContext } from '../context.ts'
import { jsonOf, toJson } from '../json.ts'
import type { ApiObject } from '../object.ts'
import type { Resource } from '../resource-type.ts'
import { parseIncludeObject, renderTable, toPartial } from '../tables/render-table.ts'
import type { TableView } from '../tables/table-view.ts'
import type { ListPage } from '../verbs/list.ts'
import type { EventEncoder } from '../watch.ts'
import { negotiate, type Format } from './negotiate.ts'
import type { ApiRequest } from './request.ts'
import { sendJsonText } from './respond.ts'

/** A built-in object as it stands in a list: its type is that of the list, and not said again. */
function bareJsonOf(object: ApiObject): string {
  const text = jsonOf(object)
  const { apiVersion, kind, ...rest } = object
  const head = `{"apiVersion":"${apiVersion}","kind":"${kind}",`
  return text.startsWith(head) ? `{${text.slice(head.length)}` : toJson(rest)
}

/** Writes objects and lists in the form a request's Accept asks for. */
export class Answers {
  readonly #context: ServerContext
  readonly #request: ApiRequest
  readonly #resource: Resource
  readonly #format: Format

  /** @throws StatusError 406 when nothing asked for can be served, 400 for a bad `includeObject` */
  constructor(context: ServerContext, request: ApiRequest, resource: Resource) {
    this.#context = context
    this.#request = request
    this.#resource = resource
    this.#format = negotiate(request.raw.headers.accept, !resource.custom)
    parseIncludeObject(request.query.get('includeObject'))
  }

  object(code: number, object: ApiObject): Promise<void> {
    return this.#send(code, this.#textOf(object, true))
  }

  list(page: ListPage): Promise<void> {
    return this.#send(200, this.#listText(page))
  }

  /** What is not an object of the resource: a Status, a Scale. */
  plain(code: number, value: unknown): Promise<void> {
    return this.#send(code, toJson(value))
  }

  /** An object that is not one of the resource, with the view that a Table has of it. */
  viewed(code: number, object: ApiObject, view: TableView): Promise<void> {
    if (this.#format.transform !== 'Table') return this.plain(code, object)
    return this.#send(code, this.#table([object], {}, true, view))
  }

  /** How a watch writes its objects; `undefined` for plain JSON. Only the first Table describes its columns. */
  eventEncoder(): EventEncoder | undefined {
    if (this.#format.transform === undefined) return undefined
    let isFirst = true
    return (object) => {
      const text = this.#textOf(object, isFirst)
      isFirst = false
      return text
    }
  }

  #textOf(object: ApiObject, withColumns: boolean): string {
    const { transform, transformVersion } = this.#format
    if (transform === 'Table')
      return this.#table([object], { resourceVersion: object.metadata.resourceVersion }, withColumns)
    if (transform === 'PartialObjectMetadata') return toJson(toPartial(object, transformVersion))
    return jsonOf(object)
  }

  #listText({ metadata, items }: ListPage): string {
    const { transform, transformVersion } = this.#format
    if (transform === 'Table') return this.#table(items, metadata, true)
    const isPartial = transform === 'PartialObjectMetadataList'
    const texts = isPartial
      ? items.map((item) => toJson(toPartial(item, transformVersion)))
      : items.map((item) => (this.#resource.custom ? jsonOf(item) : bareJsonOf(item)))
    const kind = isPartial ? 'PartialObjectMetadataList' : this.#resource.listKind
    const apiVersion = isPartial ? transformVersion : this.#resource.apiVersion
    return `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${toJson(metadata)},"items":[${texts.join(',')}]}`
  }

  #table(
    objects: readonly ApiObject[],
    metadata: object,
    withColumns: boolean,
    view = this.#resource.table,
  ): string {
    const table = renderTable(view, objects, {
      includeObject: parseIncludeObject(this.#request.query.get('includeObject')),
      now: this.#context.now(),
      apiVersion: this.#format.transformVersion,
      metadata: { ...metadata },
      withColumns,
    })
    return toJson(table)
  }

  #send(code: number, text: string): Promise<void> {
    return sendJsonText(this.#request, code, text, this.#format)
  }
}
