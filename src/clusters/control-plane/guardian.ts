import { spawn, type ChildProcess } from 'node:child_process'

/**
 * Waits on a pipe that only the process which started it holds open. A word on it means an orderly end. Closed without one,
 * that process was killed: its group is ended, and its folder removed once nobody of the group is left to write there.
 */
const script: string = [
  "trap '' HUP INT QUIT TERM",
  'read -r over && exit 0',
  'kill -KILL "-$1" 2>/dev/null',
  // At once, by a name of its own: another cluster may be given the same folder.
  'mv "$2" "$2.$$" 2>/dev/null',
  'looks=0',
  // Until nobody is left in the group; where nobody reaps the dead, 5 s.
  'while kill -KILL "-$1" 2>/dev/null && [ "$looks" -lt 100 ]; do looks=$((looks + 1)); sleep 0.05; done',
  'rm -rf "$2.$$"',
].join('; ')

/** Outlives its own process, whatever kills that, and ends what that process started. */
export interface Guardian {
  /** It is not needed any longer: call this when all that it guards has ended. */
  dismiss(): Promise<void>
}

/**
 * Guards the process group of this process and `folder`. The guardian is in a group of its own, so that nothing which is
 * sent to this one reaches it; where it is killed itself, another takes its place. Only who kills both at the same instant
 * can leave anything behind.
 */
export function startGuardian(folder: string): Guardian {
  let dismissed = false
  let child: ChildProcess
  const start = (): ChildProcess => {
    const started = spawn('/bin/sh', ['-c', script, 'guardian', String(process.pid), folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    // Whether it could be started, or was killed, is all in `close`.
    started.once('error', () => undefined)
    started.stdin?.on('error', () => undefined)
    started.once('exit', () => {
      if (!dismissed) child = start()
    })
    return started
  }
  child = start()
  return {
    dismiss: () => {
      dismissed = true
      return new Promise((resolve) => {
        if (child.stdin === null || child.stdin.destroyed) resolve()
        else child.stdin.end('over\n', () => resolve())
      })
    },
  }
}
