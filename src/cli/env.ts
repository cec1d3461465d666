import { clusterFolder, readRecord, stateOf } from '../clusters/named/record.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { endpointVariables, modeVariables } from '../contract/modes.ts'
import { shellWord } from '../contract/shell-word.ts'
import { SeiError } from '../errors/sei-error.ts'
import type { CommandContext } from './command.ts'
import { nameArgument } from './named-options.ts'

/**
 * Prints what points vitest, kubectl and scripts at a named cluster, for `eval` in a POSIX shell. Variables that would
 * choose another mode are unset where they are set. Throws CLUSTER_UNAVAILABLE when the cluster is not up.
 */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const name = String(options['name'])
  const record = await readRecord(clusterFolder(process.env, name))
  const state = record === undefined ? 'down' : await stateOf(record)
  if (record?.kubeconfigPath === undefined || state !== 'ready')
    throw new SeiError(`cluster ${name} is ${state === 'down' ? 'not up' : state}`, {
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      hint: `seitask up${nameArgument(name)}`,
    })
  const set = { KUBECONFIG: record.kubeconfigPath, SEI_NODE_CLUSTER: '1' }
  const unset = [...Object.keys(modeVariables), ...endpointVariables].filter(
    (variable) => !(variable in set) && process.env[variable] !== undefined,
  )
  for (const [variable, value] of Object.entries(set)) say(`export ${variable}=${shellWord(value)}`)
  if (unset.length > 0) say(`unset ${unset.join(' ')}`)
  emit({ event: 'env', name, set, unset })
  return exitCodes.passed
}
