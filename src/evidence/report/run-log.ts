import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redactor } from '../redact.ts'
import { captureFailed } from '../seal.ts'

const runLogName = 'orchestrator.log'

/** What a run told while it went on, in its order: JSON, one object a line. */
export class RunLog {
  readonly #lines: string[] = []

  add(event: object): void {
    this.#lines.push(JSON.stringify({ at: new Date().toISOString(), ...event }))
  }

  /** Writes it into the folder as it is now, redacted. Throws only CAPTURE_FAILED. */
  async write(folder: string, redactor: Redactor): Promise<void> {
    const lines = this.#lines.map((line) => redactor.text(JSON.stringify(redactor.data(JSON.parse(line)))))
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, runLogName), `${lines.join('\n')}\n`)
    } catch (cause) {
      throw captureFailed(folder, cause)
    }
  }
}
