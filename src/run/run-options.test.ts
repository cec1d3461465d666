import { describe, expect, test } from 'vitest'
import { atRoot, runOptionsOf } from './run-options.ts'

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

describe('atRoot', () => {
  test('default: paths of a simulated cluster are relative to the root', () => {
    const embedded = { rate: 10, definitions: './crds', images: { seiload: ['node', './fake.js'] } }
    expect(atRoot({ embedded }, '/root')).toEqual({
      embedded: { rate: 10, definitions: '/root/crds', images: { seiload: ['node', '/root/fake.js'] } },
    })
  })

  test('behavior: an era is no path, and what is left out stays so', () => {
    expect(atRoot({ embedded: { definitions: 'june' } }, '/root')).toEqual({
      embedded: { definitions: 'june' },
    })
    expect(atRoot({ haltRun: true }, '/root')).toEqual({ haltRun: true })
  })
})
