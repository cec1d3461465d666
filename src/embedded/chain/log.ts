import type { Clock } from '../clock.ts'
import type { SeidConfig } from './types.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

/** The node's logger: one text line per call, as seid's default format prints it. */
export interface SeidLog {
  (level: Level, logger: string, message: string, fields?: Readonly<Record<string, string | number>>): void
}

/** Lines below `logging.level` are dropped; seid's own default is `info`, the controller sets `error`. */
export function createSeidLog(config: SeidConfig, clock: Clock, write: (line: string) => void): SeidLog {
  const configured = levels.indexOf((config.config['logging.level'] ?? 'info') as Level)
  const threshold = configured < 0 ? levels.indexOf('info') : configured
  return (level, logger, message, fields = {}) => {
    if (levels.indexOf(level) < threshold) return
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${quoted(String(value))}`)
    write(
      `time=${clock.now().toISOString()} level=${level.toUpperCase()} msg=${quoted(message)} logger=${logger}${rest.join('')}`,
    )
  }
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : JSON.stringify(text)
}
