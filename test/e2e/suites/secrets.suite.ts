/** Everything a test may do with `admin` but print its key by name; run, and expected to fail, by secrets.test.ts. */
import { writeFileSync } from 'node:fs'
import { format, inspect } from 'node:util'
import { expect, test } from 'vitest-environment-sei/test'

test('shows itself without its key', ({ admin }) => {
  writeFileSync('canary', admin.privateKey())
  console.log(admin)
  console.log('%o %O %j %s', admin, { admin }, admin, admin)
  console.error([admin])
  console.dir(admin, { showHidden: true, depth: 9 })
  console.table([admin])
  console.log(
    inspect(admin, { showHidden: true, showProxy: true }),
    format('%o', admin),
    JSON.stringify(admin),
  )
  console.log(Object.entries(admin), Reflect.ownKeys(admin), { ...admin }, structuredClone({ ...admin }))
  expect(inspect(admin)).toContain('[redacted]')
  expect(JSON.parse(JSON.stringify(admin))).toEqual({ address: admin.address, evmAddress: admin.evmAddress })
})

test('fails, and the difference shows no key', ({ admin }) => {
  expect.soft(admin).toEqual({ address: 'another' })
  expect.soft({ of: [admin] }).toMatchObject({ of: [{ evmAddress: '0x' }] })
  expect.soft(admin).toBeUndefined()
  expect.soft(new Set([admin])).toEqual(new Set())
  throw new Error('with admin as its cause', { cause: admin })
})

test('keeps evidence without its key', async ({ admin, evidence, annotate }) => {
  await annotate(`admin is ${String(admin)} ${JSON.stringify(admin)}`)
  const key = admin.privateKey()
  const bytes = Buffer.from(key.slice(2), 'hex')
  await evidence.attach(
    'spellings.txt',
    [key, key.slice(2), key.toUpperCase(), bytes.toString('base64')].join('\n'),
  )
  await evidence.attach(
    'nested.json',
    JSON.stringify({ a: { b: [key, `x${key}y`, encodeURIComponent(key)] } }),
  )
  await evidence.capture('with-secrets')
})
