import type { ServerContext } from '../context.ts'
import { aggregatedContentType, aggregatedDiscovery, aggregatedVersion } from '../discovery/aggregated.ts'
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from '../discovery/legacy.ts'
import { openApiDocument, openApiIndex } from '../discovery/openapi.ts'
import { acceptsOpenApiV2, emptyOpenApiV2, openApiV2Type } from '../discovery/openapi-v2.ts'
import { toJson } from '../json.ts'
import type { ServedResource } from '../resource.ts'
import { reviewResources } from '../reviews.ts'
import type { ApiRequest } from './request.ts'
import { sendDocument } from './respond.ts'

const json = 'application/json'

/** Discovery and OpenAPI: documents made from the registry, kept until it changes. */
export class Documents {
  readonly #context: ServerContext
  readonly #made = new Map<string, string>()
  #generation = -1

  constructor(context: ServerContext) {
    this.#context = context
  }

  /** Answers the request if it asks for a document; false if it asks for something else. */
  serve(request: ApiRequest): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const [root, ...path] = request.segments
    if (root === 'openapi') return this.#serveOpenApi(request, path)
    if (root !== 'api' && root !== 'apis') return false
    if (path.length === 0) return this.#serveRoot(request, root)
    return root === 'api'
      ? path.length === 1 && this.#serveResources(request, '', path[0] ?? '')
      : this.#serveGroup(request, path)
  }

  /** What discovery lists: all that is served, with what is only ever created. */
  #listed(): readonly ServedResource[] {
    return [...this.#context.registry.all(), ...reviewResources]
  }

  #serveRoot(request: ApiRequest, root: 'api' | 'apis'): boolean {
    const resources = this.#listed()
    const version = aggregatedVersion(request.raw.headers.accept)
    if (version !== undefined) {
      const text = this.#text(`${root}?${version}`, () => aggregatedDiscovery(resources, root, version))
      sendDocument(request, text, aggregatedContentType(version))
      return true
    }
    const address = request.raw.headers.host ?? ''
    const text =
      root === 'api'
        ? toJson(apiVersions(resources, address))
        : this.#text('apis', () => apiGroupList(resources))
    sendDocument(request, text, json)
    return true
  }

  #serveGroup(request: ApiRequest, [group = '', version, ...rest]: readonly string[]): boolean {
    if (rest.length > 0) return false
    if (version !== undefined) return this.#serveResources(request, group, version)
    const found = apiGroup(this.#listed(), group)
    if (found === undefined) return false
    sendDocument(request, toJson(found), json)
    return true
  }

  #serveResources(request: ApiRequest, group: string, version: string): boolean {
    const list = apiResourceList(this.#listed(), group, version)
    if (list === undefined) return false
    sendDocument(request, toJson(list), json)
    return true
  }

  #serveOpenApi(request: ApiRequest, [version, ...path]: readonly string[]): boolean {
    if (version === 'v2') return this.#serveOpenApiV2(request)
    if (version !== 'v3') return false
    const resources = this.#context.registry.all()
    if (path.length === 0) {
      sendDocument(
        request,
        this.#text('openapi', () => openApiIndex(resources)),
        json,
      )
      return true
    }
    const [group = '', name = ''] = path[0] === 'api' ? ['', path[1]] : [path[1], path[2]]
    const key = `openapi/${path.join('/')}`
    if (!this.#context.registry.hasGroupVersion(group === '' ? name : `${group}/${name}`)) return false
    sendDocument(
      request,
      this.#text(key, () => openApiDocument(resources, group, name)),
      json,
    )
    return true
  }

  #serveOpenApiV2(request: ApiRequest): boolean {
    if (!acceptsOpenApiV2(request.raw.headers.accept)) return false
    sendDocument(request, emptyOpenApiV2(), openApiV2Type)
    return true
  }

  #text(key: string, make: () => unknown): string {
    const { generation } = this.#context.registry
    if (generation !== this.#generation) {
      this.#made.clear()
      this.#generation = generation
    }
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const text = toJson(make())
    this.#made.set(key, text)
    return text
  }
}
