import { toWire } from '../errors/wire.ts'
import type { CommandContext } from './command.ts'

/** An error as the one thing that a command ends with: on stderr for people, with `--json` a line of it on stdout. */
export function printError({ json }: Pick<CommandContext, 'json'>, command: string, error: unknown): void {
  const wire = toWire(error)
  if (json) {
    console.log(JSON.stringify({ event: 'error', ...wire }))
    return
  }
  const hint = wire.hint === undefined ? '' : `\n  hint: ${wire.hint}`
  console.error(`seitask ${command}: ${wire.message}${hint}`)
}
