import { describe, expect, test } from 'vitest'
import { runOptionsOf } from './run-options.ts'

describe('runOptionsOf', () => {
  test('default: without options there are none', () => {
    expect(runOptionsOf([{}, { followers: 3 }])).toEqual({ ok: true, value: {} })
  })

  test('behavior: what one project says holds for the run', () => {
    const said = [
      { network: { validators: 1 } },
      { maxNetworks: 2, embedded: { rate: 10 } },
      { maxNetworks: 2 },
    ]
    expect(runOptionsOf(said)).toEqual({ ok: true, value: { maxNetworks: 2, embedded: { rate: 10 } } })
  })

  test('error: two that say different things are refused by name', () => {
    const checked = runOptionsOf([{ haltRun: true }, { haltRun: false }])
    expect(checked).toMatchObject({ ok: false, problems: [{ what: expect.stringContaining('haltRun') }] })
  })
})
