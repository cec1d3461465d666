import type { Pool } from 'undici'
import type { Connection, Credentials } from './credentials.ts'
import { loadPool } from './pool.ts'

/** The way to one API server. */
export interface Line {
  /** Path under which the server's API lives, usually empty. */
  readonly prefix: string
  pool(credentials: Credentials): Pool
  close(): Promise<void>
}

/** A pool of kept-alive connections; a new one when the client certificate changes. */
export function openLine(connection: Connection): Line {
  const url = new URL(connection.server)
  const PoolClass = loadPool()
  let certificate = connection.clientCert
  const open = (credentials: Credentials): Pool =>
    new PoolClass(url.origin, {
      allowH2: false,
      connect: {
        ca: connection.ca,
        cert: credentials.clientCert,
        key: credentials.clientKey,
        rejectUnauthorized: connection.skipTlsVerify !== true,
        ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
      },
    })
  let pool = open(connection)
  return {
    prefix: url.pathname.replace(/\/$/, ''),
    pool: (credentials) => {
      if (credentials.clientCert === certificate) return pool
      certificate = credentials.clientCert
      const old = pool
      pool = open(credentials)
      void old.close()
      return pool
    },
    close: () => pool.destroy(),
  }
}
