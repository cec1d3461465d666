import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { tryListen } from './port-lots.ts'
import { createPortBook, freePortFor, listenAs } from './ports.ts'

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

  test('behavior: two clusters never choose the same port, even of one seed, long before either listens', async () => {
    const books = [createPortBook('twins'), createPortBook('twins')]
    const chosen = await Promise.all(
      books.flatMap((book) => Array.from({ length: 150 }, (_, port) => book.of('ns/net-0', port))),
    )
    expect(new Set(chosen).size).toBe(300)
  })

  test('behavior: more ports than a lot has are there', async () => {
    const book = createPortBook('large')
    const chosen = await Promise.all(Array.from({ length: 500 }, (_, port) => book.of('ns/net-0', port)))
    expect(new Set(chosen).size).toBe(500)
  })

  test('behavior: ports that were let go come again only after all others', async () => {
    const book = createPortBook('round')
    const chosen: number[] = []
    for (let round = 0; round < 250; round += 1) {
      book.hold(`ns/${round}`)
      chosen.push(await book.of(`ns/${round}`, 1))
      book.release(`ns/${round}`)
      await Promise.resolve()
    }
    expect(new Set(chosen).size).toBe(199)
    expect(chosen[199]).toBe(chosen[0])
  })

  test('behavior: a port that is already listened on is passed over', async () => {
    const book = createPortBook('busy')
    const first = await book.of('ns/net-0', 1)
    await listen(first + 1)
    expect(await book.of('ns/net-0', 2)).not.toBe(first + 1)
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
