import { describe, expect, test } from 'vitest'
import type { ApiObject } from '../object.ts'
import { crdVersions } from '../schema/crd-document.ts'
import { customTable } from './custom-table.ts'
import { compileJsonPath } from './json-path.ts'
import { parseIncludeObject, renderTable, toPartial } from './render-table.ts'
import type { TableView } from './table-view.ts'

const now = new Date('2026-11-21T12:00:00Z')
const widget: ApiObject = {
  apiVersion: 'test.dev/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'default', creationTimestamp: '2026-11-21T11:55:00Z' },
  spec: { size: 3, ratio: 1.5, on: true, words: ['a', 'b'], text: 'x' },
}

function tableOf(columns: object[]): TableView {
  const [version] = crdVersions({ spec: { versions: [{ name: 'v1', additionalPrinterColumns: columns }] } })
  return customTable(version?.printerColumns ?? [])
}

describe('cells of custom resources', () => {
  test.each<[string, string, unknown]>([
    ['integer', '.spec.size', 3],
    ['integer', '.spec.ratio', 1],
    ['integer', '.spec.text', null],
    ['number', '.spec.ratio', 1.5],
    ['boolean', '.spec.on', true],
    ['boolean', '.spec.text', null],
    ['string', '.spec.text', 'x'],
    ['string', '.spec.size', '3'],
    ['string', '.spec.words', '["a","b"]'],
    ['string', '.spec.words[1]', 'b'],
    ['string', '.spec.gone', null],
    ['string', '.gone.deep', null],
    ['date', '.metadata.creationTimestamp', '5m'],
    ['date', '.spec.text', '<invalid>'],
    ['date', '.spec.gone', null],
  ])('behavior: %s of %s is %j', (type, jsonPath, expected) => {
    expect(tableOf([{ name: 'A', type, jsonPath }]).row(widget, now)).toEqual(['w', expected])
  })

  test('default: without columns there is the age, with columns only these', () => {
    expect(tableOf([]).columns.map((one) => one.name)).toEqual(['Name', 'Age'])
    const own = tableOf([{ name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1 }])
    expect(own.columns).toEqual([
      expect.objectContaining({ name: 'Name', type: 'string', format: 'name', priority: 0 }),
      {
        name: 'Size',
        type: 'integer',
        format: '',
        priority: 1,
        description: 'Custom resource definition column (in JSONPath format): .spec.size',
      },
    ])
  })
})

describe('paths', () => {
  const object = {
    a: {
      'b.c': 1,
      d: [
        { t: 'x', n: 1 },
        { t: 'y', n: 2 },
      ],
    },
    deep: { n: 9 },
  }
  test.each<[string, unknown[]]>([
    ["['a']['b.c']", [1]],
    ['.a.b\\.c', [1]],
    ['{.a.d[0].t}', ['x']],
    ['.a.d[-1].t', ['y']],
    ['.a.d[7]', []],
    ['.a.d[*].n', [1, 2]],
    ['..n', [1, 2, 9]],
    ['.a.d[?(@.t=="y")].n', [2]],
    ["$.a.d[?(@.t=='x')].n", [1]],
    ['.a.d[?(@.n>1)].t', ['y']],
    ['.a.d[?(@.n!=1)].t', ['y']],
    ['.a.d[?(@.n<=1)].t', ['x']],
    ['.a.d[?(@.gone)].t', []],
    ['.toString', []],
  ])('behavior: %s finds %j', (path, expected) => {
    expect(compileJsonPath(path)?.(object)).toEqual(expected)
  })

  test.each(['plain', '.a[', '.a[1:2]', '.a[?(@.b=~"c")]'])('error: %s is not understood', (path) => {
    expect(compileJsonPath(path)).toBeUndefined()
  })
})

describe('answers', () => {
  const options = { now, apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '7' } }
  test('default: a row carries the metadata of its object', () => {
    const table = renderTable(tableOf([]), [widget], { ...options, includeObject: parseIncludeObject(null) })
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
    })
    expect(table.columnDefinitions).toHaveLength(2)
    expect(table.rows).toEqual([{ cells: ['w', '5m'], object: toPartial(widget) }])
    expect(toPartial(widget)).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: widget.metadata,
    })
  })

  test.each<[string, unknown]>([
    ['Object', widget],
    ['None', null],
  ])('behavior: includeObject=%s', (value, expected) => {
    const includeObject = parseIncludeObject(value)
    const table = renderTable(tableOf([]), [widget], { ...options, includeObject })
    expect(table.rows[0]?.object).toEqual(expected)
  })

  test('behavior: later tables of a watch have no columns', () => {
    const table = renderTable(tableOf([]), [widget], {
      ...options,
      includeObject: 'None',
      withColumns: false,
    })
    expect(table.columnDefinitions).toBeNull()
  })

  test('error: another includeObject is a bad request', () => {
    expect(() => parseIncludeObject('x')).toThrow(
      expect.objectContaining({ code: 400, reason: 'BadRequest' }),
    )
  })
})
