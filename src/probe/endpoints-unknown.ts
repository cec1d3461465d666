import { SeiError } from '../errors/sei-error.ts'

/** Before a node runs nobody knows where it will answer. */
export function endpointsUnknown(name: string): never {
  throw new SeiError(`the endpoints of ${name} are not known yet`, {
    class: 'usage',
    code: 'BAD_INPUT',
    hint: 'await waitReady() first',
  })
}
