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
  const { method, path, headers, body = null, signal, idleMs } = call
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const receiver = createReceiver(sink, signal)
    const onAbort = (): void => {
      receiver.abort()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    dispatcher.dispatch(
      // undici closes a connection behind a DELETE with a body unless it is told not to; API servers read those.
      { method, path, headers, body, headersTimeout: idleMs, bodyTimeout: idleMs, reset: false },
      {
        ...receiver.handler,
        onResponseEnd: () => {
          signal.removeEventListener('abort', onAbort)
          resolve(receiver.answer())
        },
        onResponseError: (_, error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      },
    )
  })
}

interface Receiver {
  readonly handler: Dispatcher.DispatchHandler
  /** Ends the request if it is under way; one that is still queued ends when its turn comes. */
  abort(): void
  answer(): Answer
}

/** Collects an answer, or hands its body to the sink. */
function createReceiver(sink: Sink | undefined, signal: AbortSignal): Receiver {
  let controller: Dispatcher.DispatchController | undefined
  let status = 0
  let headers: Answer['headers'] = {}
  let target: Sink | undefined
  const chunks: Buffer[] = []
  const abort = (): void => controller?.abort(new Error('aborted'))
  return {
    abort,
    answer: () => {
      const [only] = chunks
      const body = only === undefined || chunks.length === 1 ? only : Buffer.concat(chunks)
      return { status, headers, body: body?.toString() ?? '' }
    },
    handler: {
      onRequestStart: (started) => {
        controller = started
        if (signal.aborted) abort()
      },
      onResponseStart: (_, statusCode, received) => {
        status = statusCode
        headers = received
        target = statusCode === 200 ? sink : undefined
        target?.onOpen()
      },
      onResponseData: (control, chunk) => {
        if (target === undefined) {
          chunks.push(chunk)
          return
        }
        try {
          target.onChunk(chunk)
        } catch (error) {
          control.abort(error instanceof Error ? error : new Error(String(error)))
        }
      },
    },
  }
}
