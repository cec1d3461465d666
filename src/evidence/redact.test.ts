import { expect, test } from 'vitest'
import { createRedactor, isSecretName, redactText } from './redact.ts'

const key = `0x${'4c0883a69102937d6231471b5dbb6204fe512961708279f7d4e0a1b2c3d4e5f6'}`
const mnemonic =
  'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title'

test.for([
  ['a bearer header', 'authorization: Bearer abcdef0123456789.xyz', 'abcdef0123456789'],
  ['a JSON member', '{"private_key":"c2VjcmV0LXZhbHVl"}', 'c2VjcmV0LXZhbHVl'],
  ['JSON within JSON', String.raw`{"annotation":"{\"password\":\"hunter22\"}"}`, 'hunter22'],
  ['a flag', 'seid tx --keyring-passphrase=hunter22 --from a', 'hunter22'],
  ['an environment line', 'SEI_ADMIN_MNEMONIC=abandon', 'abandon'],
  ['YAML', 'apiKey: s3same-open', 's3same-open'],
  ['credentials in a URL', 'GET https://user:hunter22@rpc.test/x', 'hunter22'],
  ['a mnemonic on its own line', `**Important**\n\n${mnemonic}\n\ndone`, 'sausage'],
  ['a mnemonic in a log with timestamps', `2026-11-21T12:00:00.1Z ${mnemonic}\nnext`, 'sausage'],
  ['a mnemonic after a name', `- mnemonic: ${mnemonic}`, 'sausage'],
  ['a mnemonic in JSON in JSON', JSON.stringify(JSON.stringify({ words: mnemonic })), 'sausage'],
  ['a quoted mnemonic', `{"words":"${mnemonic}"}`, 'sausage'],
  ['a JSON web token', 'cookie eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJzdWIiOiIxIn0'],
  [
    'a PEM key',
    'x\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----\ny',
    'MHcCAQEEIB',
  ],
])('default: %s is taken out of text', ([, text = '', secret = '']) => {
  expect(redactText(text)).not.toContain(secret)
  expect(redactText(text)).toContain('[redacted]')
})

test.for([
  'height 67 hash 1B37B2A42100F6B07DFB1472AE40CD4BC1779E02BD2D829B32D10E2B47C65D40',
  '"transactionHash":"0x88df016429689c079f3b2f6ad39fa052532c56795b733da78a91ebe6a713944b"',
  'waiting for sidecar to become ready... then starting the node with its usual settings today',
  '"secretName":"signing-key","automountServiceAccountToken":false,"tokens":"10000000"',
  '"pub_key":{"type":"tendermint/PubKeyEd25519","value":"iRxrUHuooE+HEC9enqBWEibsLkSqYP9cHlMw/d5WaN0="}',
])('behavior: what is no secret stays: %s', (text) => {
  expect(redactText(text)).toBe(text)
})

test('default: a known secret goes in every spelling', () => {
  const { text } = createRedactor([key])
  const bare = key.slice(2)
  const raw = Buffer.from(bare, 'hex').toString('base64')
  const spellings = [key, bare, bare.toUpperCase(), Buffer.from(bare).toString('base64'), raw]
  for (const spelling of spellings) expect(text(`a ${spelling} b`)).toBe('a [redacted] b')
})

test('default: Secret data, secret-like env values and everything below a secret name go from objects', () => {
  const { data } = createRedactor()
  const out = JSON.stringify(
    data({
      kind: 'Secret',
      data: { anything: 'aHVudGVyMjI=' },
      env: [
        { name: 'ADMIN_MNEMONIC', value: 'hunter22' },
        { name: 'HOME', value: '/home/nonroot' },
      ],
      priv_key: { type: 'ed25519', value: 'hunter22' },
    }),
  )
  expect(out).not.toMatch(/hunter22|aHVudGVyMjI=/)
  expect(out).toContain('/home/nonroot')
})

test('behavior: names that only point at a secret are no secrets', () => {
  expect(isSecretName('secretName')).toBe(false)
  expect(isSecretName('passphraseSecretRef')).toBe(false)
  expect(isSecretName('operator_private_key')).toBe(true)
})

/** The last of BIP-39's own test vectors. */
const vector =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'

test.for([
  ['in lines', (words: string[]) => words.join('\n')],
  ['in lines within JSON', (words: string[]) => JSON.stringify({ stdout: `${words.join('\n')}\n` })],
  ['in lines within JSON within JSON', (words: string[]) => JSON.stringify(JSON.stringify(words.join('\n')))],
  ['numbered', (words: string[]) => words.map((word, at) => `${at + 1}. ${word}`).join(' ')],
  ['as a list', (words: string[]) => JSON.stringify(words)],
  ['in upper case', (words: string[]) => words.join(' ').toUpperCase()],
  [
    'in a log with timestamps',
    (words: string[]) => words.map((word) => `2026-11-21T12:00:00.123456789Z ${word}`).join('\n'),
  ],
  ['without its beginning', (words: string[]) => words.slice(17).join(' ')],
] as const)('default: a known mnemonic goes %s', ([, lay]) => {
  const words = vector.split(' ')
  const { text } = createRedactor([vector])
  const out = text(`2 ${lay(words)} 3`)
  expect(out).toContain('[redacted]')
  for (const word of words) expect(out.toLowerCase()).not.toContain(word)
})

test('default: a secret that is learnt later goes from then on', () => {
  const redactor = createRedactor()
  expect(redactor.text('the pass is correct-horse')).toContain('correct-horse')
  redactor.learn(['correct-horse'])
  expect(redactor.text('the pass is correct-horse')).not.toContain('correct-horse')
})

test.for([
  'mnemonic: abandon',
  '"authorization": "Bearer abcdef0123456789.xyz"',
  'https://user:hunter22@rpc.test/x',
  'token=abcdefgh',
  `words: ${mnemonic}`,
])('behavior: what was redacted is not changed again: %s', (input) => {
  const once = redactText(input)
  expect(once).toContain('[redacted]')
  expect(redactText(once)).toBe(once)
})
