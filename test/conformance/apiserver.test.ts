import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest'

import { startEmbeddedTarget, type ApiTarget } from '../helpers/api-target.ts'
import { openSpace, type ConformanceCase, type Space } from '../helpers/conformance-case.ts'
import { installWidgets } from '../helpers/conformance-widgets.ts'
import { applyCases } from './cases/applies.ts'
import { deletionCases } from './cases/deletions.ts'
import { discoveryCases } from './cases/discovery.ts'
import { listCases } from './cases/lists.ts'
import { patchCases } from './cases/patches.ts'
import { schemaCases } from './cases/schemas.ts'
import { watchCases } from './cases/watches.ts'
import { writeCases } from './cases/writes.ts'

const cases: readonly ConformanceCase[] = [
  ...discoveryCases,
  ...writeCases,
  ...listCases,
  ...watchCases,
  ...patchCases,
  ...applyCases,
  ...schemaCases,
  ...deletionCases,
]

/** What the cases are held against; a real server joins by its connection (`connectTarget`). */
const targets: readonly { readonly name: string; start(): Promise<ApiTarget> }[] = [
  { name: 'embedded', start: startEmbeddedTarget },
]

describe.each(targets)('API server: $name', ({ start }) => {
  let target: ApiTarget
  let space: Space & { close(): void }

  beforeAll(async () => {
    target = await start()
    await installWidgets(target)
  })
  afterAll(() => target.close())
  beforeEach(async () => {
    space = await openSpace(target)
  })
  afterEach(() => space.close())

  for (const { kind, number, title, compacts = false, run } of cases) {
    test(`${kind}: ${String(number).padStart(2, '0')} ${title}`, async ({ skip }) => {
      if (compacts) skip(target.compact === undefined, 'the history of this server cannot be compacted')
      await run(space)
    })
  }
})
