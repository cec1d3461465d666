import type { ResourceCall } from '../http/resource-call.ts'
import { serveBinding } from './binding.ts'
import { serveEviction } from './eviction.ts'
import { serveFinalize } from './finalize.ts'
import { serveLog } from './log.ts'
import { serveScale } from './scale.ts'
import { serveStatus } from './status.ts'
import { serveToken } from './token.ts'

/** How each subresource is served, whichever kind has it. */
export const subresources: Readonly<Record<string, (call: ResourceCall) => Promise<void>>> = {
  binding: serveBinding,
  eviction: serveEviction,
  finalize: serveFinalize,
  log: serveLog,
  scale: serveScale,
  status: serveStatus,
  token: serveToken,
}
