import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answerJson, startServer } from '../../test/helpers/http-server.ts'

/** Runs a module in a process of its own and resolves to how it ended, on its own account. */
async function exitOf(source: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source])
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

const client = JSON.stringify(new URL('./client.ts', import.meta.url))
const kinds = JSON.stringify(new URL('../contract/kinds.ts', import.meta.url))

function program(url: string, body: string): string {
  return `
    import { connect } from ${client}
    import { pods } from ${kinds}
    const kube = connect({ server: ${JSON.stringify(url)}, namespace: 'x' })
    const watch = kube.watch(pods)
    ${body}`
}

test('behavior: after close nothing keeps the process alive: stream, wait, back-off, request', async () => {
  await using server = await startServer((seen, response) => {
    if (seen.url.includes('watch=')) return void response.writeHead(200).flushHeaders()
    if (seen.url.includes('/hangs')) return
    answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] })
  })
  const { code, output } = await exitOf(
    program(
      server.url,
      `await watch.ready
       const ends = [watch.waitFor(() => undefined, { timeoutMs: 600000 }), kube.request('GET', '/hangs')]
       const settled = Promise.allSettled(ends)
       setTimeout(async () => {
         await kube.close()
         console.log((await settled).map((end) => end.reason.class).join())
       }, 50)`,
    ),
  )
  expect({ code, output }).toEqual({ code: 0, output: 'cancelled,cancelled\n' })
})

test('error: a watch opened after close is over from the start', async () => {
  const server = await startServer(() => undefined)
  await server.close()
  const { code, output } = await exitOf(
    program(
      server.url,
      `await kube.close()
       const late = kube.watch(pods)
       const ends = await Promise.allSettled([late.ready, late.waitFor(() => undefined)])
       console.log(ends.map(({ status }) => status).join())`,
    ),
  )
  expect({ code, output }).toEqual({ code: 0, output: 'rejected,rejected\n' })
})

test('behavior: closing a watch that cannot reach its server ends its attempts', async () => {
  const server = await startServer(() => undefined)
  await server.close()
  const { code, output } = await exitOf(
    program(
      server.url,
      `watch.waitFor(() => undefined, { timeoutMs: 600000 }).catch((error) => console.log(error.code))
       setTimeout(() => watch.close(), 300)`,
    ),
  )
  expect({ code, output }).toEqual({ code: 0, output: 'KUBE_WATCH\n' })
})
