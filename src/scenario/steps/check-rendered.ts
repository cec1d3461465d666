import { checkTaskSpec } from '../../contract/check-tasks.ts'
import { refine, text, type Check } from '../../contract/checks.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskSpec } from '../../contract/crds/head/seinodetask.ts'
import { accounts, image, networkName, nodeName, validators } from '../../contract/fields.ts'
import { publicChainIds, validatorName } from '../../contract/names.ts'
import { describeProblem, type Problem } from '../../contract/problem.ts'
import { taskFailure } from './exit-reason.ts'

type Looked = readonly [path: string, check: Check<unknown>, value: unknown]

/** Throws, as the scenario's own failure, for a network that would never get ready: it would wait for ever without a word. */
export function checkNetwork(template: string, { metadata, spec }: SeiNetwork): void {
  const { replicas = 1, genesis } = spec
  look(template, [
    ['metadata.name', networkName, metadata.name],
    ['spec.replicas', validators, replicas],
    // The longest name that the network gives.
    ['metadata.name', nodeName, validatorName(metadata.name, replicas - 1)],
    ['spec.image', image, spec.image],
    ['spec.genesis.chainId', ownChain, genesis?.chainId],
    ...(genesis?.accounts === undefined
      ? []
      : [['spec.genesis.accounts', accounts, genesis.accounts] as const]),
  ])
}

export function checkNode(template: string, { metadata, spec }: SeiNode): void {
  look(template, [
    ['metadata.name', nodeName, metadata.name],
    ['spec.image', image, spec.image],
    ['spec.chainId', ownChain, spec.chainId],
  ])
}

/** Throws for a task whose payload is not its kind's, or is incomplete. */
export function checkTask(template: string, spec: SeiNodeTaskSpec | undefined): SeiNodeTaskSpec {
  const check: Check<unknown> = (value, where) => {
    const checked = checkTaskSpec(value)
    if (checked.ok) return checked
    const moved = (problem: Problem): string => problem.where.replace(/^task spec/, where)
    return { ok: false, problems: checked.problems.map((problem) => ({ ...problem, where: moved(problem) })) }
  }
  look(template, [['spec', check, spec]])
  return spec as SeiNodeTaskSpec
}

const anyChain = text({ noun: 'a chain id' })

const ownChain: Check<string> = refine(anyChain, (id) =>
  publicChainIds.includes(id)
    ? {
        what: `${id} is the chain id of a public network`,
        expected: 'a chain id of your own',
        fix: `call the chain anything but ${publicChainIds.join(', ')}`,
      }
    : undefined,
)

function look(template: string, looked: readonly Looked[]): void {
  const problems = looked.flatMap(([path, check, value]): readonly Problem[] => {
    const checked = check(value, `${template}: ${path}`)
    return checked.ok ? [] : checked.problems
  })
  if (problems.length > 0) throw taskFailure(problems.map(describeProblem).join('\n'))
}
