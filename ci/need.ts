/**
 * Says in one line which programs are missing, and fails then: `node ci/need.ts kubectl`. Scripts whose tests need more
 * than Node begin with it, so that nothing is skipped in silence.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const missing = process.argv.slice(2).filter((program) => !isOnPath(program))
if (missing.length > 0) {
  console.error(`missing on this machine: ${missing.join(', ')}; install it and put it on the PATH`)
  process.exit(1)
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
