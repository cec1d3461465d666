import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { driftOf } from './drift.ts'
import { appendEnvFile, readEnvFile } from './env-file.ts'
import { decideFanOut, parseFanOutMode } from './fan-out-mode.ts'
import { readJsonPath } from './json-path.ts'
import { taskName } from './task-name.ts'

describe('fan-out', () => {
  test.for([
    ['all-must-succeed', 3, 3, 0, 'met'],
    ['all-must-succeed', 3, 2, 0, undefined],
    ['all-must-succeed', 3, 2, 1, 'missed'],
    ['best-effort', 3, 1, 1, undefined],
    ['best-effort', 3, 1, 2, 'met'],
    ['best-effort', 3, 0, 3, 'missed'],
    ['quorum:2', 3, 2, 0, 'met'],
    ['quorum:2', 3, 1, 1, undefined],
    ['quorum:2', 3, 1, 2, 'missed'],
  ] as const)(
    'behavior: %s of %i, %i complete, %i failed: %s',
    ([mode, total, complete, failed, expected]) => {
      expect(decideFanOut(parseFanOutMode(mode) ?? 'best-effort', total, complete, failed)).toBe(expected)
    },
  )

  test.for(['quorum:0', 'quorum:', 'quorum:x', 'all', ''])('error: %j is no mode', (text) =>
    expect(parseFanOutMode(text)).toBeUndefined(),
  )
})

describe('JSON path', () => {
  const object = {
    status: { phase: 'Complete', n: 7, outputs: { govVote: { txHash: 'AB' } }, empty: '' },
    items: [{ name: 'a' }, { name: 'b' }],
    metadata: { labels: { 'a.b/c': 'x' } },
  }
  test.for([
    ['.status.phase', 'Complete'],
    ['{.status.outputs.govVote.txHash}', 'AB'],
    ['$.status.n', '7'],
    ['.items[1].name', 'b'],
    ['.items[*].name', 'a b'],
    [".metadata.labels['a.b/c']", 'x'],
    ['.status.outputs.govVote', '{"txHash":"AB"}'],
    ['.status.empty', undefined],
    ['.status.nothing.here', undefined],
    ['.items[9].name', undefined],
  ] as const)('behavior: %s is %s', ([path, expected]) => expect(readJsonPath(path, object)).toBe(expected))

  test.for(['', 'status', '.items[?(@.a)]', '.a..b', '.items[-1]'])('error: %j is not understood', (path) =>
    expect(() => readJsonPath(path, object)).toThrow(RangeError),
  )
})

describe('task name', () => {
  test('default: kind, node and a hash of template and variables', () => {
    // As upstream's runner names it: SHA-256 of the template, then of NUL key = value in the order of keys.
    expect(taskName('GovVote', 'body', { B: '2', NODE: 'Chain_1.0', A: '1' })).toMatch(
      /^gov-vote-chain-1-0-[0-9a-f]{10}$/,
    )
    expect(taskName('GovVote', 'body', {})).toBe('gov-vote-230d8358dc')
  })

  test('behavior: the order of variables does not count, their values do', () => {
    const name = taskName('AwaitCondition', 't', { A: '1', B: '2' })
    expect(taskName('AwaitCondition', 't', { B: '2', A: '1' })).toBe(name)
    expect(taskName('AwaitCondition', 't', { A: '1', B: '3' })).not.toBe(name)
    expect(taskName('AwaitCondition', 'u', { A: '1', B: '2' })).not.toBe(name)
  })
})

describe('env file', () => {
  test('behavior: what is appended is read back; comments, export and other lines are as upstream has them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sei-env-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'env.sh')
    expect(await readEnvFile(path)).toEqual({})
    await writeFile(path, '# note\nexport A=1\n\n =x\nnothing\nB=a=b "c"\n')
    await appendEnvFile(path, { C: '3' })
    expect(await readEnvFile(path)).toEqual({ A: '1', B: 'a=b "c"', C: '3' })
    await appendEnvFile(join(folder, 'none', 'env.sh'), {})
    expect(await readFile(path, 'utf8')).toContain('C=3\n')
  })
})

describe('drift', () => {
  test('default: what the API server fills in is none', () => {
    expect(
      driftOf(
        { image: 'a', replicas: 1, peers: [{ label: 1, more: 2 }] },
        { image: 'a', peers: [{ label: 1 }] },
        'spec',
      ),
    ).toEqual([])
  })

  test('behavior: every other value is told with its path', () => {
    expect(
      driftOf({ image: 'a', peers: [] }, { image: 'b', peers: [1], retained: { x: 1 } }, 'spec'),
    ).toEqual([
      'spec.image is "a", rendered was "b"',
      'spec.peers is a list of 0, rendered was a list of 1',
      'spec.retained is undefined, rendered was an object',
    ])
  })
})
