import { connectExisting } from '../clusters/existing.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { callerRights, taskRights } from '../contract/scenario-rights.ts'
import { describeMissing, missingRights } from '../scenario/fingerprint/access.ts'
import { labelsOf, ownFingerprint } from '../scenario/fingerprint/own-fingerprint.ts'
import { textOf, type CommandContext } from './command.ts'
import { interruption } from './interrupt.ts'

/**
 * Asks the API server whether whoever runs this may do what a scenario's steps, or `workflow-run`, do. Its last line is the
 * answer: a Task of this one step tells it to whoever may not ask about others. Exits 0 or 2.
 */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const cluster = await connectExisting({
    context: textOf(options['context']),
    namespace: textOf(options['namespace']),
    signal: interruption(),
  })
  try {
    const rights = options['for'] === 'caller' ? callerRights : taskRights
    const missing = (await missingRights(cluster.kube, 'self', cluster.namespace, rights)) ?? []
    const labels = labelsOf(await ownFingerprint())
    emit({ event: 'preflight', namespace: cluster.namespace, missing: missing.map(toData), labels })
    say(missing.length === 0 ? 'all granted' : `missing: ${describeMissing(missing)}`)
    return missing.length === 0 ? exitCodes.passed : exitCodes.noVerdict
  } finally {
    await cluster.close()
  }
}

function toData({ verb, right }: { verb: string; right: { group: string; resource: string } }): object {
  return { verb, group: right.group, resource: right.resource }
}
