import type { Definitions } from '../definitions.ts'
import { recordAt, stringAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill, records } from './builtin.ts'
import type { Strategy } from './strategy.ts'

/** CustomResourceDefinitions: checked by compiling them. */
export function definitionStrategy(definitions: Definitions): Strategy {
  return builtInStrategy({
    hasStatus: true,
    counted: true,
    unconditionalUpdate: false,
    defaults: defaultDefinition,
    precheck: (definition) => definitions.prepare(definition),
    prepare(definition, live) {
      if (live !== undefined) return
      const storage = records(recordAt(definition, 'spec'), 'versions').find(
        ({ storage }) => storage === true,
      )
      const storedVersions = storage === undefined ? null : [storage['name']]
      definition['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions }
    },
    validate: (definition) => definitions.errorsOf(definition),
  })
}

function defaultDefinition(definition: ApiObject): void {
  const spec = ensure(definition, 'spec')
  fill(spec, { conversion: { strategy: 'None' } })
  const names = ensure(spec, 'names')
  const kind = stringAt(names, 'kind') ?? ''
  fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` })
  for (const version of records(spec, 'versions')) {
    for (const column of records(version, 'additionalPrinterColumns')) defaultColumn(column)
  }
}

/** Priority 0 is what absence means; a real server leaves it out. */
function defaultColumn(column: Record<string, unknown>): void {
  if (column['priority'] === 0) delete column['priority']
}
