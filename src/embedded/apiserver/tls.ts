import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

import { bits, boolean, integer, octets, oid, sequence, set, tagged, utcTime, utf8 } from './der.ts'

/** What an HTTPS server needs, and what its clients need to trust it. All PEM. */
export interface ServerTls {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

interface Identity {
  readonly name: Buffer
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const dayMs = 86_400_000

/**
 * A new certificate authority and a server certificate signed by it, ECDSA P-256, valid for a year, for 127.0.0.1 and
 * `localhost`. The authority's key is dropped: nothing else can ever be signed with it.
 */
export function createServerTls(now: Date = new Date()): ServerTls {
  const authority = identity('embedded-ca')
  const server = identity('kube-apiserver')
  const ca = certificate(authority, authority, now, [
    extension('2.5.29.19', true, sequence(boolean(true))),
    extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)),
    extension('2.5.29.14', false, octets(keyId(authority))),
  ])
  const cert = certificate(server, authority, now, [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.35', false, sequence(tagged(0x80, keyId(authority)))),
    extension('2.5.29.17', false, sequence(dnsName('localhost'), ipAddress([127, 0, 0, 1]))),
  ])
  return { ca, cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function identity(commonName: string): Identity {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { name: sequence(set(sequence(oid('2.5.4.3'), utf8(commonName)))), ...pair }
}

function publicKeyInfo(of: Identity): Buffer {
  return of.publicKey.export({ type: 'spki', format: 'der' })
}

function keyId(of: Identity): Buffer {
  return createHash('sha1').update(publicKeyInfo(of)).digest()
}

function certificate(subject: Identity, issuer: Identity, now: Date, extensions: readonly Buffer[]): string {
  // Backdated by a day: a container's clock may lag the one that made the certificate.
  const validity = sequence(
    utcTime(new Date(now.getTime() - dayMs)),
    utcTime(new Date(now.getTime() + 365 * dayMs)),
  )
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)])
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    issuer.name,
    validity,
    subject.name,
    publicKeyInfo(subject),
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, issuer.privateKey)
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature)))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value))
}

function dnsName(name: string): Buffer {
  return tagged(0x82, Buffer.from(name))
}

function ipAddress(parts: readonly number[]): Buffer {
  return tagged(0x87, Buffer.from(parts))
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
