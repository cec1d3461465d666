import type { ConnectionInfo } from './types.ts'

/** What proves who we are. `expiresAt` in ms since the epoch; without it they are good until a 401. */
export interface Credentials {
  readonly token?: string | undefined
  readonly clientCert?: string | undefined
  readonly clientKey?: string | undefined
  readonly expiresAt?: number | undefined
}

/** A connection whose credentials run out and can be had anew. As JSON it is a plain ConnectionInfo. */
export interface Connection extends ConnectionInfo {
  readonly expiresAt?: number | undefined
  readonly renew?: (() => Promise<Credentials>) | undefined
}

/** Renewed this long before they expire, in ms. */
const marginMs = 30_000

export interface CredentialKeeper {
  /** Credentials good for now; a promise only when they had to be renewed. */
  current(): Credentials | Promise<Credentials>
  /** Renews after a 401 to `refused`; `undefined` when there is no way to. */
  renewed(refused: Credentials): Promise<Credentials> | undefined
}

/** Keeps one set of credentials, renewing it once for all who ask at the same time. */
export function keepCredentials(connection: Connection): CredentialKeeper {
  let held: Credentials = {
    token: connection.token,
    clientCert: connection.clientCert,
    clientKey: connection.clientKey,
    expiresAt: connection.expiresAt,
  }
  let renewing: Promise<Credentials> | undefined
  const { renew } = connection
  const start = (how: () => Promise<Credentials>): Promise<Credentials> => {
    renewing ??= how()
      .then((fresh) => {
        held = fresh
        return fresh
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }
  return {
    current: () => {
      if (renew === undefined || held.expiresAt === undefined) return held
      return held.expiresAt - marginMs > Date.now() ? held : start(renew)
    },
    renewed: (refused) => {
      if (renew === undefined) return undefined
      return refused === held ? start(renew) : Promise.resolve(held)
    },
  }
}
