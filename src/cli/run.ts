import { closest } from '../contract/closest.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { describeProblem, type Problem } from '../contract/problem.ts'
import { isCancelled, isUsage } from '../errors/guards.ts'
import type { CommandContext, CommandSpec } from './command.ts'
import { commands } from './commands.ts'
import { renderCommandHelp, renderHelp } from './help.ts'
import { parseOptions } from './parse.ts'
import { printError } from './print-error.ts'

/** Runs one command line and resolves to its exit code; never rejects. Wrong arguments are 64 and change nothing. */
export async function runCli(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  const json = args.includes('--json')
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(renderHelp(commands))
    return name === undefined ? exitCodes.usage : exitCodes.passed
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) return refuse([unknownCommand(name)], json)
  if (rest.includes('--help')) {
    console.log(renderCommandHelp(command))
    return exitCodes.passed
  }
  const parsed = parseOptions(rest, command, process.env)
  if (parsed.ok) return runCommand(command, contextOf(parsed.value))
  if (command.step !== true) return refuse(parsed.problems, json)
  const { refuseStepCommand } = await import('./steps/step-command.ts')
  return refuseStepCommand(contextOf({ json }), command.name, parsed.problems)
}

async function runCommand(command: CommandSpec, context: CommandContext): Promise<number> {
  try {
    const module = await command.load()
    return await module.run(context)
  } catch (error) {
    printError(context, command.name, error)
    return exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): number {
  if (isUsage(error)) return exitCodes.usage
  return isCancelled(error) ? exitCodes.cancelled : exitCodes.noVerdict
}

function contextOf(options: CommandContext['options']): CommandContext {
  const json = options.json === true
  return {
    options,
    json,
    say: (line) => {
      if (!json) console.log(line)
    },
    note: (line) => {
      if (!json) console.error(line)
    },
    emit: (value) => {
      if (json) console.log(JSON.stringify(value))
    },
  }
}

function unknownCommand(name: string): Problem {
  const names = commands.map((command) => command.name)
  const near = closest(name, names)
  return {
    what: `unknown command ${JSON.stringify(name)}`,
    where: 'seitask',
    expected: `one of ${names.join(', ')}`,
    fix: near === undefined ? 'see seitask --help' : `did you mean seitask ${near}?`,
  }
}

function refuse(problems: readonly Problem[], json: boolean): number {
  if (json) console.log(JSON.stringify({ event: 'error', class: 'usage', code: 'BAD_INPUT', problems }))
  else for (const problem of problems) console.error(describeProblem(problem))
  return exitCodes.usage
}
