import { describe, expect, test } from 'vitest'

import { conform, type Conformed } from './conform.ts'

function pod(spec: Record<string, unknown>, rest: Record<string, unknown> = {}): Conformed {
  return conform({ spec, ...rest }, 'V1Pod', { kind: 'Pod', version: 'v1' })
}

describe('reading a body as a built-in type', () => {
  test('behavior: unknown fields are dropped and named by their path', () => {
    const containers = [{ name: 'c', imagee: 'x', env: [{ name: 'A', valu: '1' }] }]
    const { value, unknown } = pod({ containers, odd: {} })
    expect(unknown).toEqual(['spec.containers[0].imagee', 'spec.containers[0].env[0].valu', 'spec.odd'])
    expect(value).toEqual({ spec: { containers: [{ name: 'c', env: [{ name: 'A' }] }] } })
  })

  test('behavior: null is absent, but for the times a server writes as null', () => {
    const conditions = [{ type: 'Ready', status: 'True', lastProbeTime: null, message: null }]
    const { value } = pod({ nodeName: null, nodeSelector: { a: null } }, { status: { conditions } })
    expect(value).toEqual({
      spec: { nodeSelector: { a: '' } },
      status: { conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null }] },
    })
  })

  test('behavior: quantities may be numbers, times lose their fractions, micro times keep them', () => {
    const containers = [{ name: 'c', resources: { limits: { cpu: 2, memory: '1Gi' } } }]
    expect(pod({ containers }).value).toMatchObject({
      spec: { containers: [{ resources: { limits: { cpu: '2', memory: '1Gi' } } }] },
    })
    const at = '2026-01-01T00:00:00.123456Z'
    expect(pod({}, { status: { startTime: at } }).value).toMatchObject({
      status: { startTime: '2026-01-01T00:00:00Z' },
    })
    const lease = conform({ spec: { renewTime: at } }, 'V1Lease', { kind: 'Lease', version: 'v1' })
    expect(lease.value).toEqual({ spec: { renewTime: at } })
  })

  test('behavior: what has no schema is passed on as it is', () => {
    const schema = { default: { a: null }, enum: [null, 1], additionalProperties: false }
    const of = { kind: 'CustomResourceDefinition', version: 'v1' }
    const versions = [{ name: 'v1', schema: { openAPIV3Schema: schema } }]
    const { value, unknown } = conform({ spec: { versions } }, 'V1CustomResourceDefinition', of)
    expect(value).toEqual({ spec: { versions } })
    expect(unknown).toEqual([])
  })

  test('behavior: what a patch left alone is shared with the object it patched', () => {
    const live = pod({ containers: [{ name: 'c' }, { name: 'd' }], nodeSelector: { a: '1' } }).value
    const spec = live['spec'] as { containers: object[]; nodeSelector: object }
    const changed = { ...live, spec: { ...spec, containers: [spec.containers[0], { name: 'e' }] } }
    const { value } = conform(changed, 'V1Pod', { kind: 'Pod', version: 'v1' }, live)
    const next = value['spec'] as typeof spec
    expect(next.nodeSelector).toBe(spec.nodeSelector)
    expect(next.containers[0]).toBe(spec.containers[0])
    expect(next.containers[1]).toEqual({ name: 'e' })
  })

  const mismatches: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ containers: 'x' }, 'string into Go struct field PodSpec.spec.containers of type []v1.Container'],
    [{ hostNetwork: 'yes' }, 'string into Go struct field PodSpec.spec.hostNetwork of type bool'],
    [{ nodeSelector: { a: 1 } }, 'number into Go struct field PodSpec.spec.nodeSelector of type string'],
    [{ priority: 1.5 }, 'number into Go struct field PodSpec.spec.priority of type int32'],
    [
      { securityContext: [] },
      'array into Go struct field PodSpec.spec.securityContext of type v1.PodSecurityContext',
    ],
  ]

  test.each(mismatches)('error: %j', (spec, text) => {
    expect(() => pod(spec)).toThrow(
      `Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal ${text}`,
    )
  })
})
