import type {
  ExpectDisruptionOptions,
  ExpectedDisruption,
  ExpectedHalt,
  ExpectHaltOptions,
} from '../../contract/expectations.ts'
import type { HaltVerdict } from '../../contract/halts.ts'
import type { LeasedNetwork } from '../../contract/handles.ts'
import type { LeaseTransport } from './transport.ts'

/** The two verbs of a leased network that open windows, kept by the supervisor. */
export function remoteExpectations(
  transport: LeaseTransport,
): Pick<LeasedNetwork, 'expectDisruption' | 'expectHalt'> {
  const closing = (id: string): ExpectedDisruption => {
    const close = async (): Promise<void> => void (await transport.call('closeExpectation', { id }))
    return { close, [Symbol.asyncDispose]: close }
  }
  async function expectDisruption(options: ExpectDisruptionOptions): Promise<ExpectedDisruption>
  async function expectDisruption<T>(options: ExpectDisruptionOptions, body: () => Promise<T>): Promise<T>
  async function expectDisruption<T>(
    options: ExpectDisruptionOptions,
    body?: () => Promise<T>,
  ): Promise<ExpectedDisruption | T> {
    const window = closing((await transport.call('expectDisruption', options)).id)
    if (body === undefined) return window
    await using _ = window
    return await body()
  }
  async function expectHalt(options: ExpectHaltOptions): Promise<ExpectedHalt>
  async function expectHalt(
    options: ExpectHaltOptions,
    body: (halt: ExpectedHalt) => Promise<unknown>,
  ): Promise<HaltVerdict>
  async function expectHalt(
    options: ExpectHaltOptions,
    body?: (halt: ExpectedHalt) => Promise<unknown>,
  ): Promise<ExpectedHalt | HaltVerdict> {
    const { id } = await transport.call('expectHalt', options)
    const halt = { ...closing(id), verdict: () => transport.call('haltVerdict', { id }) }
    if (body === undefined) return halt
    await using _ = halt
    await body(halt)
    return await halt.verdict()
  }
  return { expectDisruption, expectHalt }
}
