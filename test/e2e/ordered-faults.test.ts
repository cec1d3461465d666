import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const suite = `
import { test, expect } from 'vitest-environment-sei/test'
test('the network is there', async ({ network, followers }) => {
  expect(await network.latestHeight()).toBeGreaterThan(0)
  expect(followers).toBeDefined()
})
test('it is still there', async ({ network }) => {
  expect(await network.latestHeight()).toBeGreaterThan(0)
})
`

interface OrderedFault {
  readonly fault: string
  /** Where it is ordered. */
  readonly on: 'validators' | 'followers'
  readonly node: RegExp
  /** The gate it is stuck at; two where it depends on which of two is looked at first. */
  readonly gate: RegExp
  readonly cause: RegExp
}

/** Every fault that ends a run, and what the run must say of it. */
const orderedFaults: readonly OrderedFault[] = [
  {
    fault: 'ceremony-fails.on-2',
    on: 'validators',
    node: /-1-2\b/,
    gate: /gate phase/,
    cause: /generate-gentx/,
  },
  { fault: 'never-pulls.on-1', on: 'validators', node: /-1-1\b/, gate: /gate phase/, cause: /image|pull/i },
  {
    fault: 'crash-loops.on-0',
    on: 'followers',
    node: /-rpc-0\b/,
    gate: /gate (rpc|phase)/,
    cause: /crash|exit code 1/i,
  },
  {
    fault: 'never-caught-up',
    on: 'followers',
    node: /-rpc-\d\b/,
    gate: /gate height/,
    cause: /catching.?up|peers/i,
  },
  { fault: 'evm-never-binds.on-1', on: 'followers', node: /-rpc-1\b/, gate: /gate evm/, cause: /8545|EVM/ },
  {
    fault: 'halts-at-1',
    on: 'validators',
    // Followers have nothing to follow: whose time is over first is told.
    node: /-1-(rpc-)?\d\b/,
    gate: /gate height/,
    cause: /height|block|quorum|halt/i,
  },
  { fault: 'status-flaps.on-3', on: 'validators', node: /-1-3\b/, gate: /gate height/, cause: /flap/i },
  {
    fault: 'unschedulable.on-0',
    on: 'validators',
    node: /-1-0\b/,
    gate: /gate phase/,
    cause: /nodes are available/,
  },
]

/** Runs a suite on a network with that fault: exit 3, one sentence with node, gate and cause, evidence, nothing left. */
async function expectOrderedFault({ fault, on, node, gate, cause }: OrderedFault): Promise<void> {
  const image = `sei/seid:dev--${fault}`
  const options = on === 'validators' ? { network: { image } } : { followers: { count: 2, image } }
  await using project = await tempProject({
    'vitest.config.ts': defaultConfig(JSON.stringify(options)),
    'fault.test.ts': suite,
  })
  const { exitCode, output, receipt, folder } = await project.run(['--reporter=default', '--reporter=junit'])
  expect(exitCode, output).toBe(3)
  const [line = ''] = output.split('\n').filter((text) => text.includes('SeiError:'))
  expect(line).toMatch(node)
  expect(line).toMatch(gate)
  expect(line).toMatch(cause)
  const junit = await project.read('.vitest/junit/output.xml')
  expect(junit).toMatch(/<testsuites [^>]*tests="2" failures="2"/)
  expect(junit).toMatch(gate)
  expect(receipt?.left).toEqual([])
  expect(receipt?.seals).toHaveLength(1)
  expect(existsSync(join(folder ?? '', 'evidence'))).toBe(true)
}

describe.concurrent('ordered faults', () => {
  test.for(orderedFaults)('error: $fault on $on ends with node, gate and cause', expectOrderedFault)
})
