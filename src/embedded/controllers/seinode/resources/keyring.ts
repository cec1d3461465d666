import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import type { Container } from '../../../../contract/objects.ts'
import { operatorKeyringOf, roleOf } from '../mode.ts'
import { paths } from './paths.ts'

/** Where a validator's operator key is kept: on its volume (`test`), or in a Secret that a passphrase opens (`file`). */
export function keyringEnv(node: SeiNode): NonNullable<Container['env']> {
  if (roleOf(node) !== 'validator') return []
  const secret = operatorKeyringOf(node)
  const passphrase =
    secret === undefined
      ? []
      : [
          {
            name: 'SEI_KEYRING_PASSPHRASE',
            valueFrom: {
              secretKeyRef: {
                name: secret.passphraseSecretRef.secretName,
                key: secret.passphraseSecretRef.key,
              },
            },
          },
        ]
  return [
    { name: 'SEI_KEYRING_BACKEND', value: secret === undefined ? 'test' : 'file' },
    { name: 'SEI_KEYRING_DIR', value: paths.data },
    ...passphrase,
  ]
}

export function keyringMounts(node: SeiNode): NonNullable<Container['volumeMounts']> {
  if (operatorKeyringOf(node) === undefined) return []
  return [{ name: 'operator-keyring', mountPath: `${paths.data}/keyring-file`, readOnly: true }]
}
