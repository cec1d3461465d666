import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { genesisOf } from '../../../../test/helpers/seid-chain.ts'
import { createClock } from '../../clock.ts'
import { createSeidLog } from '../log.ts'
import type { SeidConfig } from '../types.ts'
import { upgradeInfoFile } from '../upgrade/info-file.ts'
import { upgradeTexts } from '../upgrade/decide.ts'
import { stopAt } from './stop.ts'

/** Holds what a halted node says against the recording of one: same plan, same words. */

const recorded = (name: string): string[] =>
  readFileSync(new URL(`../../../../test/captures/halts/${name}`, import.meta.url), 'utf8').split('\n')
const plan = { name: 'v-next', height: 560, info: 'info text' }

const config: SeidConfig = {
  moniker: 'n0',
  mode: 'validator',
  home: { nodeId: 'ab', height: 559 },
  genesis: genesisOf([10]),
  persistentPeers: [],
  config: {},
  image: 'sei/seid:dev',
  listen: { host: '127.0.0.1' },
  faults: {},
}

const stdout: string[] = []
const stderr: string[] = []
const stop = stopAt({
  config,
  halt: { block: 560, upgrade: { reason: 70, plan, text: upgradeTexts.needed(plan) } },
  during: 'consensus',
  log: createSeidLog(config, createClock(1), (line) => stdout.push(line)),
  write: (line) => stderr.push(line),
  now: new Date(),
})

test('default: stderr begins as recorded, and has a goroutine trace with the same frames', () => {
  const real = recorded('upgrade-halt-n0.stderr.txt')
  expect(stop).toEqual({ exitCode: 2 })
  expect(stderr.slice(0, 4)).toEqual(real.slice(0, 4))
  const places = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => /^\t(sei-tendermint\/\S+:\d+ \+0x[0-9a-f]+)/.exec(line)?.[1] ?? [])
  expect(places(real)).toEqual(expect.arrayContaining(places(stderr)))
})

test('default: the log has the recorded error lines, field by field', () => {
  const errors = recorded('upgrade-halt-n0.log.txt').filter(
    (line) => line.includes('level=ERROR') && !line.includes('failed to parse upgrade details'),
  )
  const withoutTimeAndStack = (line: string): string =>
    line.replace(/^time=\S+ /, '').replace(/ stack=.*$/, '')
  expect(errors.length).toBeGreaterThan(2)
  expect(stdout.map(withoutTimeAndStack)).toEqual(errors.map(withoutTimeAndStack))
})

test('default: upgrade-info.json is the recorded one', () => {
  expect(upgradeInfoFile(config.home)).toBe('{"name":"v-next","height":560,"info":"info text"}')
})
