import { open, rm } from 'node:fs/promises'
import type { Container } from '../../../../contract/objects.ts'
import type { ContainerExit, Runtime } from '../types.ts'
import { startLocalProcess, type LocalCommand } from './local-process.ts'

export interface ProcessPlan extends Omit<LocalCommand, 'log'> {
  /** What the container may write its last words to. */
  readonly terminationFile: string
}

/** Bytes of last words that are taken from the file, and from the log where they are asked for. */
const messageBytes = { file: 4_096, log: 2_048 } as const
const messageLines = 80

/** Runs a program as a container; the cluster's clock does not leap meanwhile. */
export function processRuntime({ terminationFile, ...command }: ProcessPlan): Runtime {
  return ({ sandbox, container, log }) => {
    const last = lastLines()
    const release = sandbox.clock.wall.hold()
    const run = startLocalProcess({
      ...command,
      log: (text) => {
        last.add(text)
        log(text)
      },
    })
    const ended = async (): Promise<ContainerExit> => {
      const exit = await run.exited
      const message = exit.message ?? (await lastWords(container, terminationFile, exit.exitCode, last.text))
      release()
      return message === '' ? exit : { ...exit, message }
    }
    return { exited: ended(), kill: run.kill }
  }
}

async function lastWords(
  container: Container,
  file: string,
  exitCode: number,
  logged: () => string,
): Promise<string> {
  const written = await beginning(file)
  // The next run begins with none.
  await rm(file, { force: true })
  const fromLog = container['terminationMessagePolicy'] === 'FallbackToLogsOnError' && exitCode !== 0
  return written === '' && fromLog ? logged() : written
}

async function beginning(path: string): Promise<string> {
  try {
    await using file = await open(path)
    const { bytesRead, buffer } = await file.read(Buffer.alloc(messageBytes.file), 0, messageBytes.file, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  }
}

/** Keeps the end of a log. */
function lastLines(): { add(text: string): void; text(): string } {
  let kept = ''
  return {
    add(text) {
      kept = `${kept}${text.slice(-messageBytes.log)}\n`.slice(-messageBytes.log)
    },
    text: () =>
      kept
        .split('\n')
        .slice(-messageLines - 1)
        .join('\n'),
  }
}
