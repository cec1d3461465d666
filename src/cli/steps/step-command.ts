import { connectExisting } from '../../clusters/existing.ts'
import type { Problem } from '../../contract/problem.ts'
import { cancelledError } from '../../errors/sei-error.ts'
import {
  refuseStep,
  runStep,
  type StepContext,
  type StepEnd,
  type StepFrame,
} from '../../scenario/steps/step.ts'
import { textOf, type CommandContext } from '../command.ts'
import { interruption } from '../interrupt.ts'
import { printError } from '../print-error.ts'

/** Carries out a step of a Workflow and resolves to its exit code: 0, 1 or 2 and nothing else, 2 after SIGTERM. Never rejects. */
export async function runStepCommand(
  context: CommandContext,
  name: string,
  body: (step: StepContext) => Promise<void>,
): Promise<number> {
  return told(context, name, await runStep(frameOf(context, name), body))
}

/** A step with wrong arguments: it says so, writes down that it failed, and does nothing else. */
export async function refuseStepCommand(
  context: CommandContext,
  name: string,
  problems: readonly Problem[],
): Promise<number> {
  return told(context, name, await refuseStep(frameOf(context, name), problems))
}

function told(context: CommandContext, name: string, { error, reason, exitCode }: StepEnd): number {
  if (error !== undefined) printError(context, name, error)
  context.emit({ event: 'step', step: name, reason, exitCode })
  return exitCode
}

function frameOf({ options, say, note, emit }: CommandContext, name: string): StepFrame {
  const signal = interruption((sent) => cancelledError(`stopped by ${sent}`))
  const { env } = process
  return {
    env,
    signal,
    say: (line) => {
      say(`${name}: ${line}`)
      emit({ event: 'progress', step: name, line })
    },
    warn: (line) => {
      note(`${name}: warning: ${line}`)
      emit({ event: 'warning', step: name, line })
    },
    connect: ({ namespace }) => {
      const path = textOf(options['kubeconfig'])
      return connectExisting({
        env: path === undefined ? env : { ...env, KUBECONFIG: path },
        namespace,
        signal,
      })
    },
  }
}
