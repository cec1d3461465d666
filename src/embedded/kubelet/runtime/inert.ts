import type { ContainerExit, ContainerRun, Runtime } from './types.ts'

/** Exit code of a process that a signal ended. */
export const signalled = { SIGTERM: 143, SIGKILL: 137 } as const

/** A process that does nothing until it is told to end. `onTerm` is its exit code after SIGTERM. */
export function inert(onTerm: number): Runtime {
  return () => untilKilled((signal) => (signal === 'SIGTERM' ? onTerm : signalled.SIGKILL))
}

/** A run that lasts until the first signal; `end` cleans up and gives the exit code. */
export function untilKilled(
  end: (signal: 'SIGTERM' | 'SIGKILL') => number,
): ContainerRun & { exit(exitCode: number): void } {
  const { promise, resolve } = Promise.withResolvers<ContainerExit>()
  let over = false
  const exit = (exitCode: number): void => {
    over = true
    resolve({ exitCode })
  }
  return {
    exited: promise,
    kill: (signal) => {
      if (!over) exit(end(signal))
    },
    exit: (exitCode) => {
      if (!over) exit(exitCode)
    },
  }
}
