import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { useKubectl, type Kubectl } from '../helpers/kubectl.ts'
import { deviations } from './deviations.ts'
import type { Row, Story } from './row.ts'
import { asStories } from './rows/as.ts'
import { clusterStories } from './rows/cluster.ts'
import { createStories } from './rows/create.ts'
import { deleteStories } from './rows/delete.ts'
import { readStories } from './rows/read.ts'
import { seiStories } from './rows/sei.ts'
import { widgetStories } from './rows/widgets.ts'
import { writeStories } from './rows/write.ts'
import { runRow } from './run-row.ts'

const stories: readonly Story[] = [
  ...readStories,
  ...writeStories,
  ...createStories,
  ...deleteStories,
  ...widgetStories,
  ...seiStories,
  ...clusterStories,
  ...asStories,
]

const { embedded, real } = inject('servers')
let kubectls: readonly Kubectl[] = []

beforeAll(async () => {
  kubectls = await Promise.all([embedded, real].map(useKubectl))
})
afterAll(() => Promise.all(kubectls.map((kubectl) => kubectl.close())))

describe.each(stories)('kubectl -n $name', ({ name, rows }) => {
  beforeAll(async () => {
    const waited = ['wait', '--for=create', `sa/default`, `cm/kube-root-ca.crt`, '-n', name, '--timeout=30s']
    for (const kubectl of kubectls) {
      await kubectl.run(['create', 'namespace', name])
      expect(await kubectl.run(waited)).toMatchObject({ code: 0 })
    }
  })
  for (const each of rows) {
    const row: Row = typeof each === 'string' ? { line: each } : each
    const deviates = deviations.some(({ line }) => line === row.line)
    const kind = row.fails === true ? 'error' : 'behavior'
    test(`${kind}: kubectl ${row.line}`, { fails: deviates }, async () => {
      const [ours, theirs] = await Promise.all(kubectls.map((kubectl) => runRow(kubectl, name, row)))
      expect(ours).toEqual(theirs)
      if (row.lines === undefined) expect(theirs?.code === 0, theirs?.stderr).toBe(row.fails !== true)
    })
  }
})
