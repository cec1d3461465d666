import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SeiError } from '../../errors/sei-error.ts'
import { readScenario, type ReadScenarioOptions } from './read-scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'scenario-source-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string | Uint8Array): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', join(folder, 'checkout'), ...identity, ...args], {
    encoding: 'utf8',
  }).trim()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function errorOf(options: ReadScenarioOptions): Promise<SeiError> {
  const error: unknown = await readScenario(options).catch((thrown: unknown) => thrown)
  if (!(error instanceof SeiError)) throw new Error(`not refused: ${String(error)}`)
  return error
}

const flat = 'kind: Workflow\n'
const foldered = 'kind: Workflow # folder\n'

beforeAll(() => {
  write('repo/scenarios/flat.yaml', flat)
  write('repo/scenarios/flat/node.yaml.tmpl', 'a template')
  write('repo/deep/workflow.yaml', foldered)
  write('repo/deep/templates/node.yaml', 'another')
  write('named.yaml', 'metadata: { labels: { sei.io/scenario: by-label } }\n')
  write('large.yaml', 'a'.repeat(1024 * 1024 + 1))
  write('binary.yaml', new Uint8Array([0xff, 0xfe, 0x00]))
  mkdirSync(join(folder, 'checkout'))
  git('init', '-q', '-b', 'main')
  write('checkout/scenarios/flat.yaml', flat)
  write('checkout/scenarios/flat/node.yaml.tmpl', 'a template')
  git('add', '.')
  git('commit', '-q', '-m', 'First')
  git('tag', 'v1')
  write('checkout/scenarios/flat.yaml', 'changed\n')
  write('checkout/scenarios/large.yaml', 'a'.repeat(1024 * 1024 + 1))
  git('add', '.')
  git('commit', '-q', '-m', 'Second')
  write('checkout/scenarios/flat.yaml', 'not committed\n')
})

describe('from folders', () => {
  test('default: a name alone is a scenario of this package', async () => {
    const { origin, text } = await readScenario({ scenario: 'release-test' })
    expect(origin).toMatchObject({ scenario: 'release-test', path: 'scenarios/release-test/workflow.yaml' })
    expect(origin.sha256).toBe(sha256(text))
    expect(text).toContain('kind: Workflow')
  })

  test('behavior: a file beside a folder of its name', async () => {
    const { origin, text, files } = await readScenario({ scenario: 'flat', repo: join(folder, 'repo') })
    expect(origin).toEqual({
      scenario: 'flat',
      repo: join(folder, 'repo'),
      path: 'scenarios/flat.yaml',
      sha256: sha256(flat),
    })
    expect([text, ...files]).toEqual([flat, ['node.yaml.tmpl', 'a template']])
  })

  test('behavior: a folder with its workflow.yaml, by name and by path', async () => {
    for (const options of [
      { scenario: 'deep', repo: join(folder, 'repo') },
      { scenario: join(folder, 'repo/deep') },
    ]) {
      const { origin, files } = await readScenario(options)
      expect(origin).toMatchObject({ scenario: 'deep', sha256: sha256(foldered) })
      expect([...files]).toEqual([['templates/node.yaml', 'another']])
    }
  })

  test('behavior: a path takes its name from the label of the Workflow', async () => {
    const { origin } = await readScenario({ scenario: join(folder, 'named.yaml') })
    expect(origin).toMatchObject({ scenario: 'by-label', repo: folder, path: 'named.yaml' })
  })

  const refused: readonly (readonly [string, () => ReadScenarioOptions, RegExp])[] = [
    ['a name that no scenario has', () => ({ scenario: 'missing' }), /missing is not in/],
    ['a path that leads nowhere', () => ({ scenario: './nowhere.yaml' }), /there is no file/],
    ['an empty name', () => ({ scenario: '' }), /"" is not the name/],
    ['a name in capitals', () => ({ scenario: 'Release' }), /"Release" is not the name/],
    [
      'a way out of the repository',
      () => ({ scenario: '../flat', repo: join(folder, 'repo/scenarios') }),
      /"..\/flat" is not the name/,
    ],
    ['a file that is too large', () => ({ scenario: join(folder, 'large.yaml') }), /more than 1048576 bytes/],
    ['a file that is no text', () => ({ scenario: join(folder, 'binary.yaml') }), /not UTF-8/],
    ['a ref without a repository', () => ({ scenario: 'flat', ref: 'main' }), /has no repository/],
    [
      'a repository elsewhere',
      () => ({ scenario: 'flat', repo: 'https://example.org/a/b' }),
      /not a repository that can be read/,
    ],
    [
      'a repository by ssh',
      () => ({ scenario: 'flat', repo: 'git@github.com:a/b' }),
      /not a repository that can be read/,
    ],
    ['an empty repository', () => ({ scenario: 'flat', repo: '' }), /not a repository that can be read/],
  ]
  test.for(refused)('error: %s', async ([, options, says]) => {
    const error = await errorOf(options())
    expect(error).toMatchObject({ class: 'usage', code: 'BAD_INPUT' })
    expect(error.details?.['problems']).toHaveLength(1)
    expect(error.message).toMatch(says)
  })
})

describe('from a checkout', () => {
  test('behavior: what the commit has is read, not what lies in the work tree', async () => {
    const repo = join(folder, 'checkout')
    const commit = git('rev-parse', 'v1')
    for (const ref of ['v1', commit, commit.slice(0, 10)]) {
      const { origin, text, files } = await readScenario({ scenario: 'flat', repo, ref })
      expect(origin).toEqual({
        scenario: 'flat',
        repo,
        ref,
        commit,
        path: 'scenarios/flat.yaml',
        sha256: sha256(flat),
      })
      expect([text, ...files]).toEqual([flat, ['node.yaml.tmpl', 'a template']])
    }
    expect(await readScenario({ scenario: 'flat', repo, ref: 'main' })).toMatchObject({ text: 'changed\n' })
  })

  const refused: readonly (readonly [string, Partial<ReadScenarioOptions>, RegExp])[] = [
    ['a ref that is not there', { ref: 'lost' }, /"lost" is no commit/],
    ['a commit that is not there', { ref: 'f'.repeat(40) }, /is no commit/],
    ['a ref that is an option', { ref: '--upload-pack=x' }, /is not a ref/],
    ['an empty ref', { ref: '' }, /"" is not a ref/],
    ['a ref with a blank', { ref: 'a b' }, /is not a ref/],
    ['a range', { ref: 'v1..main' }, /is not a ref/],
    ['a scenario that the commit has not', { ref: 'v1', scenario: 'large' }, /there is no scenario large/],
    ['a file that is too large', { ref: 'main', scenario: 'large' }, /more than 1048576 bytes/],
    ['a folder that is no checkout', { ref: 'main', repo: tmpdir() }, /cannot be read by git/],
    ['a folder that is not there', { ref: 'main', repo: '/nowhere' }, /cannot be read by git/],
  ]
  test.for(refused)('error: %s', async ([, options, says]) => {
    const error = await errorOf({ scenario: 'flat', repo: join(folder, 'checkout'), ...options })
    expect(error).toMatchObject({ class: 'usage', code: 'BAD_INPUT' })
    expect(error.details?.['problems']).toHaveLength(1)
    expect(error.message).toMatch(says)
  })
})

describe('from GitHub', () => {
  const commit = 'c'.repeat(40)
  const seen: { url: string; token: string | undefined; accept: string | undefined }[] = []
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let server: Server
  let base = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { authorization, accept } = request.headers
      seen.push({ url: request.url ?? '', token: authorization, accept })
      answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    seen.length = 0
    answer = ({ url = '' }, response) => {
      const known = [
        `/raw/o/r/${commit}/scenarios/flat.yaml`,
        `/raw/o/r/${commit}/scenarios/deep/workflow.yaml`,
      ]
      if (url.startsWith('/api/repos/o/r/commits/main')) response.end(commit)
      else if (known.includes(url)) response.end(flat)
      else response.writeHead(404).end()
    }
  })

  function asked(options: Partial<ReadScenarioOptions> = {}): ReadScenarioOptions {
    const urls = { rawUrl: `${base}/raw/`, apiUrl: `${base}/api` }
    return { scenario: 'flat', repo: 'github.com/o/r', ref: commit, token: 'secret', ...urls, ...options }
  }

  test('behavior: a file at a commit is one request, with the token', async () => {
    const { origin, text, files } = await readScenario(asked())
    expect(origin).toEqual({
      scenario: 'flat',
      repo: 'github.com/o/r',
      ref: commit,
      commit,
      path: 'scenarios/flat.yaml',
      sha256: sha256(flat),
    })
    expect([text, files.size]).toEqual([flat, 0])
    expect(seen).toEqual([
      { url: `/raw/o/r/${commit}/scenarios/flat.yaml`, token: 'Bearer secret', accept: undefined },
    ])
  })

  test('behavior: a scenario in a folder of its own is looked for there too', async () => {
    const { origin } = await readScenario(asked({ scenario: 'deep', repo: 'https://github.com/o/r.git' }))
    expect(origin).toMatchObject({ path: 'scenarios/deep/workflow.yaml', repo: 'github.com/o/r' })
  })

  test('behavior: files of its folder that the Workflow names are read at the same commit', async () => {
    const text =
      'args: [--template=/scenarios/flat/node.yaml.tmpl, --template=/scenarios/flat/lost.tmpl, /scenarios/other/x]'
    answer = ({ url }, response) => {
      if (url === `/raw/o/r/${commit}/scenarios/flat.yaml`) response.end(text)
      else if (url === `/raw/o/r/${commit}/scenarios/flat/node.yaml.tmpl`) response.end('a template')
      else response.writeHead(404).end()
    }
    const { files } = await readScenario(asked())
    expect([...files]).toEqual([['node.yaml.tmpl', 'a template']])
    expect(seen).toHaveLength(3)
  })

  test('behavior: a branch is turned into its commit first, where it is allowed', async () => {
    const { origin } = await readScenario(asked({ ref: 'main', allowBranch: true }))
    expect(origin).toMatchObject({ ref: 'main', commit })
    expect(seen.map(({ url }) => url)).toEqual([
      '/api/repos/o/r/commits/main',
      `/raw/o/r/${commit}/scenarios/flat.yaml`,
    ])
    expect(seen[0]?.accept).toBe('application/vnd.github.sha')
  })

  test('behavior: a redirect is not followed, and the token goes nowhere else', async () => {
    const elsewhere: string[] = []
    const other = createServer((request, response) => {
      elsewhere.push(request.url ?? '')
      response.end(flat)
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const target = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x?key=hidden`
    answer = (_request, response) => response.writeHead(302, { location: target }).end()
    const error = await errorOf(asked())
    other.close()
    expect(error).toMatchObject({ class: 'infra', code: 'SCENARIO_FETCH' })
    expect(error.message).toMatch(/redirects to 127\.0\.0\.1/)
    expect(error.message).not.toMatch(/hidden|secret/)
    expect([seen.length, elsewhere]).toEqual([1, []])
  })

  test('error: more than 1 MiB is not read to its end', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'a')
    answer = (_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    }
    expect(await errorOf(asked())).toMatchObject({
      class: 'usage',
      message: expect.stringContaining('more than 1048576'),
    })
  })

  test('error: a server that does not answer in time', async () => {
    answer = (_request, response) => response.write('kind')
    const error = await errorOf(asked({ fetchTimeoutMs: 100 }))
    expect(error).toMatchObject({ class: 'infra', code: 'SCENARIO_FETCH' })
    expect(error.message).toMatch(/within 100 ms/)
  })

  test('error: a caller that gives up', async () => {
    answer = () => {}
    const error = await errorOf(asked({ signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ class: 'cancelled' })
  })

  test.for([
    [401, /answered 401/],
    [403, /token may not read it/],
    [500, /answered 500/],
  ] as const)('error: status %i', async ([status, says]) => {
    answer = (_request, response) => response.writeHead(status).end('x')
    const error = await errorOf(asked())
    expect(error).toMatchObject({ class: 'infra', code: 'SCENARIO_FETCH', details: { status } })
    expect(error.message).toMatch(says)
  })

  test('error: a host that cannot be reached', async () => {
    const error = await errorOf(asked({ rawUrl: 'http://127.0.0.1:1' }))
    expect(error).toMatchObject({ class: 'infra', code: 'SCENARIO_FETCH' })
  })

  test('error: a branch that stands for no commit', async () => {
    answer = (_request, response) => response.end('not a commit')
    const error = await errorOf(asked({ ref: 'main', allowBranch: true }))
    expect(error).toMatchObject({ class: 'infra', message: expect.stringContaining('answered no commit') })
  })

  const refused: readonly (readonly [string, Partial<ReadScenarioOptions>, RegExp])[] = [
    ['no ref', { ref: undefined }, /no ref is given/],
    ['a branch', { ref: 'main' }, /"main" is not a full commit.*--allow-branch/s],
    ['a short commit', { ref: 'c'.repeat(12) }, /is not a full commit/],
    ['a commit in capitals', { ref: 'C'.repeat(40) }, /is not a full commit/],
    ['a branch that is not there', { ref: 'lost', allowBranch: true }, /no ref "lost"/],
    ['a ref with a way out', { ref: '../../x', allowBranch: true }, /is not a ref/],
    ['an owner without repository', { repo: 'github.com/o' }, /not a repository of GitHub/],
    ['a repository with a path', { repo: 'github.com/o/r/tree/main' }, /not a repository of GitHub/],
    ['a repository of dots', { repo: 'github.com/o/..' }, /not a repository of GitHub/],
    ['a scenario that is not there', { scenario: 'lost' }, /there is no scenario lost/],
    ['plain HTTP', { rawUrl: 'http://example.org' }, /unprotected/],
  ]
  test.for(refused)('error: %s', async ([, options, says]) => {
    const error = await errorOf(asked(options))
    expect(error).toMatchObject({ class: 'usage', code: 'BAD_INPUT' })
    expect(error.details?.['problems']).toHaveLength(1)
    expect(error.message).toMatch(says)
  })
})
