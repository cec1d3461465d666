import type { Dispatcher } from 'undici'

export interface Exchange {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
  /** Milliseconds without a byte after which the exchange fails. */
  readonly idleMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whole body; empty when the chunks were handed over as they came. */
  readonly body: string
}

/** Takes the body of a 200 as it arrives. What it throws ends the exchange. */
export interface Sink {
  onOpen(): void
  onChunk(chunk: Buffer): void
}

/**
 * One request and its answer, once. With a sink the promise resolves at the end of the body. Rejects with undici's error, or with the signal's reason at once when aborted.
 *
 * Written on `dispatch` and not on `request`: no stream objects per call, which matters to an embedded cluster whose
 * controllers make hundreds of calls in its first second.
 */
export function exchange(dispatcher: Dispatcher, call: Exchange, sink?: Sink): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { signal } = call
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: Answer['headers'] = {}
    let streaming = false
    const chunks: Buffer[] = []
    const onAbort = (): void => {
      controller?.abort(new Error('aborted'))
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
    }
    dispatcher.dispatch(
      {
        method: call.method,
        path: call.path,
        headers: call.headers,
        body: call.body ?? null,
        headersTimeout: call.idleMs,
        bodyTimeout: call.idleMs,
      },
      {
        onRequestStart: (started) => {
          controller = started
          if (signal.aborted) started.abort(new Error('aborted'))
        },
        onResponseStart: (_, statusCode, received) => {
          status = statusCode
          headers = received
          streaming = sink !== undefined && statusCode === 200
          if (streaming) sink?.onOpen()
        },
        onResponseData: (control, chunk) => {
          if (!streaming) {
            chunks.push(chunk)
            return
          }
          try {
            sink?.onChunk(chunk)
          } catch (error) {
            control.abort(error instanceof Error ? error : new Error(String(error)))
          }
        },
        onResponseEnd: () => {
          signal.removeEventListener('abort', onAbort)
          const [only] = chunks
          const body = only === undefined ? '' : chunks.length === 1 ? only : Buffer.concat(chunks)
          resolve({ status, headers, body: body.toString() })
        },
        onResponseError: (_, error) => fail(error),
      },
    )
  })
}
