import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createPortBook, freePortFor, listenAs, tryListen } from './ports.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function listen(port: number): Promise<void> {
  const server = createServer()
  open.push(server)
  expect(await tryListen(server, port)).toBe(true)
}

describe('port book', () => {
  test('default: a port is asked for once and stays, whoever asks', async () => {
    const book = createPortBook('one')
    const port = await book.of('ns/net-0', 26657)
    expect(port).toBeGreaterThanOrEqual(15_000)
    expect(port).toBeLessThan(32_000)
    expect(await book.of('ns/net-0', 26657)).toBe(port)
    expect(await book.of('ns/net-0', 8545)).not.toBe(port)
  })

  test('behavior: the seed decides, so the same cluster chooses the same ports again', async () => {
    const choose = (seed: string): Promise<number> => createPortBook(seed).of('ns/net-0', 26657)
    const first = await choose('seed-a')
    const again = await choose('seed-a')
    const other = await choose('seed-b')
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  test('behavior: a port that is already listened on is passed over', async () => {
    const wanted = await createPortBook('busy').of('ns/net-0', 26657)
    await listen(wanted)
    expect(await createPortBook('busy').of('ns/net-0', 26657)).not.toBe(wanted)
  })

  test('behavior: a port taken between choice and listening is replaced, and who watches is told', async () => {
    const book = createPortBook('raced')
    const told: string[] = []
    book.onReplaced((owner) => told.push(owner))
    const wanted = await book.of('ns/net-0', 26657)
    await listen(wanted)
    const server = createServer()
    open.push(server)
    const got = await listenAs(server, book, 'ns/net-0', 26657)
    expect(got).not.toBe(wanted)
    expect(await book.of('ns/net-0', 26657)).toBe(got)
    expect(told).toEqual(['ns/net-0'])
  })

  test('behavior: freePortFor moves away from a port that is in use', async () => {
    const book = createPortBook('moved')
    const wanted = await book.of('ns/net-0', 8545)
    await listen(wanted)
    expect(await freePortFor(book, 'ns/net-0', 8545)).not.toBe(wanted)
  })

  test('behavior: the last holder to let go frees the ports', async () => {
    const book = createPortBook('held')
    book.hold('ns/a')
    book.hold('ns/a')
    const port = await book.of('ns/a', 1)
    book.release('ns/a')
    expect(await book.of('ns/a', 1)).toBe(port)
    book.release('ns/a')
    expect(await book.of('ns/a', 1)).not.toBe(port)
  })
})
