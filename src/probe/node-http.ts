/**
 * Node's HTTP modules when they are needed, and without their ES module facade: `import … from 'node:http'` reads every
 * export once, and the getters of `WebSocket` and its kin load Node's own fetch, which costs a worker 20 ms.
 */
export function nodeHttp(): typeof import('node:http') {
  return process.getBuiltinModule('node:http')
}

export function nodeHttps(): typeof import('node:https') {
  return process.getBuiltinModule('node:https')
}
