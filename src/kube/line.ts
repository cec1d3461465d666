import { createSecureContext } from 'node:tls'
import type { Pool } from 'undici'
import type { Connection, Credentials } from './credentials.ts'
import { loadPool } from './pool.ts'

/** The way to one API server. */
export interface Line {
  /** Path under which the server's API lives, usually empty. */
  readonly prefix: string
  /** Calls share a bounded number of connections; a stream keeps one to itself for as long as it lasts. */
  pool(credentials: Credentials, use: 'calls' | 'streams'): Pool
  close(): Promise<void>
}

/**
 * Connections for calls at once; more wait their turn. Each costs a TLS handshake, and an API server answers no faster for
 * being asked more at a time.
 */
const callsAtOnce = 16

/** Kept-alive connections; new ones when the client certificate changes. */
export function openLine(connection: Connection): Line {
  const url = new URL(connection.server)
  const PoolClass = loadPool()
  let certificate = connection.clientCert
  const open = (credentials: Credentials): Record<'calls' | 'streams', Pool> => {
    const options = { allowH2: false, connect: connectOptions(connection, url, credentials) }
    return {
      calls: new PoolClass(url.origin, { ...options, connections: callsAtOnce }),
      streams: new PoolClass(url.origin, options),
    }
  }
  let pools = open(connection)
  return {
    prefix: url.pathname.replace(/\/$/, ''),
    pool: (credentials, use) => {
      if (credentials.clientCert === certificate) return pools[use]
      certificate = credentials.clientCert
      const old = pools
      pools = open(credentials)
      void Promise.all([old.calls.close(), old.streams.close()])
      return pools[use]
    },
    close: async () => {
      await Promise.all([pools.calls.destroy(), pools.streams.destroy()])
    },
  }
}

/** One TLS context for all connections: to parse the certificates anew for each costs a millisecond. */
function connectOptions(connection: Connection, url: URL, { clientCert, clientKey }: Credentials): object {
  if (url.protocol !== 'https:') return {}
  return {
    secureContext: createSecureContext({ ca: connection.ca, cert: clientCert, key: clientKey }),
    rejectUnauthorized: connection.skipTlsVerify !== true,
    ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
  }
}
