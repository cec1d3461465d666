import { expect, test } from 'vitest'

import { oneValidator } from '../../../../test/helpers/kind-captures.ts'
import { taskId } from './task-id.ts'

test('default: ids are those a real controller gave the tasks of the same plans', () => {
  const { network, node, nodeUpToDate } = oneValidator()
  for (const plan of [network.status?.plan, node.status?.plan, nodeUpToDate.status?.plan]) {
    const recorded = plan?.tasks.map((task) => task.id)
    expect(recorded).not.toEqual([])
    expect(plan?.tasks.map((task, index) => taskId(plan.id ?? '', task.type, index))).toEqual(recorded)
  }
})

test('behavior: the same task at another place or in another plan has another id', () => {
  const ids = [taskId('a', 'mark-ready', 0), taskId('a', 'mark-ready', 1), taskId('b', 'mark-ready', 0)]
  expect(new Set(ids).size).toBe(3)
})
