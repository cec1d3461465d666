import { expect, test } from 'vitest'
import { codeOf } from '../helpers/documents.ts'
import { homeLine } from '../helpers/home.ts'
import { tempProject } from '../helpers/temp-project.ts'

test('default: the config and test of the README pass on a fresh install', async () => {
  const { 'vitest.config.ts': config = '', 'evm.test.ts': suite = '' } = await codeOf('README.md')
  await using project = await tempProject({ 'vitest.config.ts': config, 'evm.test.ts': suite })
  const { exitCode, output, receipt, events } = await project.run()
  expect(output).toContain(homeLine())
  expect(exitCode, output).toBe(0)
  expect(receipt?.left).toEqual([])
  expect(receipt?.seals).toMatchObject([{ missing: [] }])
  expect(receipt?.existed.filter(({ kind }) => kind === 'SeiNode')).toHaveLength(6)
  expect(receipt?.deleted).toEqual(receipt?.existed)
  expect(events.filter((event) => event.type === 'gate' && event.state === 'failed')).toEqual([])
})
