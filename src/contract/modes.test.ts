import { describe, expect, test } from 'vitest'
import { modeVariables, resolveMode } from './modes.ts'

function chosen(explicit: string | undefined, env: Record<string, string>): unknown {
  const checked = resolveMode(explicit, env)
  return checked.ok ? checked.value : checked.problems.map(({ what }) => what)
}

describe('resolveMode', () => {
  test('default: a laptop gets the simulated cluster', () => {
    expect(chosen(undefined, {})).toEqual({ mode: 'embedded', source: 'default' })
  })

  test.for(Object.entries(modeVariables))(
    'behavior: %s selects %s, also when it is empty',
    ([name, mode]) => {
      expect(chosen(undefined, { [name]: '' })).toEqual({ mode, source: name })
      expect(chosen(undefined, { [name]: 'x', CI: 'true' })).toEqual({ mode, source: name, value: 'x' })
    },
  )

  test('behavior: endpoint variables select attach, however many there are', () => {
    const env = { RPC_TM_RPC: 'http://a', RPC_EVM_RPC: 'http://b', CI: '1' }
    expect(chosen(undefined, env)).toEqual({ mode: 'attach', source: 'RPC_TM_RPC' })
  })

  test('behavior: the option wins over whatever the environment says', () => {
    const env = { SEI_KIND: '1', SEI_DOCKER: '1', CI: 'true', KUBERNETES_SERVICE_HOST: '10.0.0.1' }
    expect(chosen('embedded', env)).toEqual({ mode: 'embedded', source: 'option' })
  })

  test.for(['', '0', 'false'])('behavior: CI=%j is no CI', (CI) => {
    expect(chosen(undefined, { CI })).toEqual({ mode: 'embedded', source: 'default' })
  })

  test('error: an unexpanded reference is an error also where the option names the mode', () => {
    expect(chosen('k8s', { SEI_NODE_CLUSTER: '$(NODE_CLUSTER)' })).toEqual([
      expect.stringContaining('the value of SEI_NODE_CLUSTER still contains an unexpanded reference'),
    ])
  })
})
