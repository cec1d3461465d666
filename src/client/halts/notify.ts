import type { HaltNotification, NotifyOptions } from '../../contract/halt-actions.ts'
import { pause, realTime } from '../../contract/time.ts'
import { httpExchange } from '../../probe/http.ts'
import { errorText } from '../../errors/error-text.ts'

const tries = 3
const pauseMs = 500

/** Tells whoever is to be told. Never rejects: what could not be delivered is handed to `onLost`, once for each way. */
export async function notify(
  { hook, webhook }: NotifyOptions,
  notification: HaltNotification,
  onLost: (why: string) => void,
): Promise<void> {
  await Promise.all([
    hook === undefined ? undefined : callHook(hook, notification, onLost),
    webhook === undefined ? undefined : post(webhook, notification, onLost),
  ])
}

async function callHook(
  hook: NonNullable<NotifyOptions['hook']>,
  notification: HaltNotification,
  onLost: (why: string) => void,
): Promise<void> {
  try {
    await hook(notification)
  } catch (error) {
    onLost(`the hook threw: ${errorText(error)}`)
  }
}

async function post(
  webhook: string,
  notification: HaltNotification,
  onLost: (why: string) => void,
): Promise<void> {
  const body = JSON.stringify(notification)
  const headers = { 'content-type': 'application/json' }
  let why = ''
  for (let count = 1; count <= tries; count += 1) {
    try {
      const { status } = await httpExchange(webhook, { method: 'POST', headers, body })
      if (status >= 200 && status < 300) return
      why = `it answered ${status}`
      if (status >= 400 && status < 500 && status !== 429) break
    } catch (error) {
      why = errorText(error)
    }
    await pause(realTime, pauseMs * count)
  }
  onLost(`the webhook was not reached: ${why}`)
}
