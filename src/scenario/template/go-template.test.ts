import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isUsage } from '../../errors/guards.ts'
import { goTemplate } from './go-template.ts'

/** What Go's own text/template gave for each, with `missingkey=error`. */
const recorded = JSON.parse(
  readFileSync(new URL('../../../test/captures/go-template/cases.json', import.meta.url), 'utf8'),
) as {
  vars: Record<string, string>
  results: { template: string; text?: string; error?: string }[]
}

describe('as Go renders it', () => {
  const rendered = recorded.results.filter(({ text }) => text !== undefined)
  test.for(rendered)('behavior: $template', ({ template, text }) => {
    expect(goTemplate(template, recorded.vars)).toBe(text)
  })

  const refused = recorded.results.filter(({ error }) => error !== undefined)
  test.for(refused)('error: $template', ({ template }) => {
    expect(() => goTemplate(template, recorded.vars, 'a.tmpl')).toThrow(
      /^a\.tmpl:\d+:\d+: .+ Expected .+ Fix: /,
    )
  })
})

test('error: a missing key is told with its place, what there is, and what was probably meant', () => {
  const render = (): string =>
    goTemplate('a: 1\nb: {{ .CHAIN_IDS }}\n', { CHAIN_ID: 'c', IMAGE: 'i' }, 'rpc.yaml.tmpl')
  expect(render).toThrow(
    'rpc.yaml.tmpl:2:7: CHAIN_IDS has no value. Expected one of CHAIN_ID, IMAGE. Fix: did you mean CHAIN_ID? ' +
      'Else pass CHAIN_IDS, or ask for what may be missing by index . "CHAIN_IDS"',
  )
})

test.for(['define "x"', 'template "x"', 'block "x" .'])('error: {{ %s }} is refused by name', (action) => {
  const word = action.split(' ')[0]
  expect(() => goTemplate(`{{ ${action} }}{{ end }}`, {})).toThrow(`{{${word}}} is not supported`)
})

test('error: what is wrong with a template is the input’s fault', () => {
  try {
    goTemplate('{{ nope }}', {})
    expect.unreachable()
  } catch (error) {
    expect(isUsage(error)).toBe(true)
  }
})
