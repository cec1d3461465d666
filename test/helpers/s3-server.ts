import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { s3Server, s3ServerFolder } from '../../ci/parts/s3-server.ts'

export const rootKeys = {
  accessKeyId: 'root-of-the-tests',
  secretAccessKey: 'a secret of the tests',
} as const

/** A real S3 server on loopback, with a folder of its own. */
export interface S3Server {
  readonly url: string
  /** Where it keeps its buckets, as folders. */
  readonly data: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function startS3Server(): Promise<S3Server> {
  const home = await mkdtemp(join(tmpdir(), 's3 server '))
  const [data, iam, sidecar] = ['data', 'iam', 'sidecar'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ]
  await Promise.all([data, iam, sidecar].map((folder) => mkdir(folder)))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let running: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    const child = running
    running = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const start = async (): Promise<void> => {
    running = spawn(
      join(s3ServerFolder(process.env), s3Server.program),
      [
        '--quiet',
        '--region',
        'eu-central-1',
        '--port',
        `127.0.0.1:${port}`,
        '--iam-dir',
        iam,
        'posix',
        '--sidecar',
        sidecar,
        data,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          ROOT_ACCESS_KEY: rootKeys.accessKeyId,
          ROOT_SECRET_KEY: rootKeys.secretAccessKey,
        },
      },
    )
    await answers(url, running)
  }
  await start()
  return {
    url,
    data,
    kill,
    start,
    close: async () => {
      await kill()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the S3 server ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer !== undefined) return
    await sleep(20)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
