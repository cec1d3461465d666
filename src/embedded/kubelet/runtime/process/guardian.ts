import { spawn, type ChildProcess } from 'node:child_process'

/**
 * Is told of process groups, a line each. When the pipe closes without the word that all is well, the process that told it was
 * killed: the groups are ended, and the folder is removed.
 */
const script: string = [
  "trap '' HUP INT QUIT TERM",
  'groups=',
  'while read -r word id; do case $word in',
  'add) groups="$groups $id" ;;',
  'end) left=; for one in $groups; do [ "$one" = "$id" ] || left="$left $one"; done; groups=$left ;;',
  'over) exit 0 ;;',
  'esac; done',
  'for one in $groups; do kill -KILL "-$one" 2>/dev/null; done',
  'chmod -R u+w "$1" 2>/dev/null',
  'rm -rf "$1"',
].join('\n')

/** Ends the process groups of pods when this process can no longer do that itself. */
export interface Guardian {
  add(group: number): void
  /** Nothing is left of the group. */
  end(group: number): void
  /** Nothing is left to be guarded. */
  dismiss(): Promise<void>
}

/** Guards `folder` as well. Where the guardian is killed itself, another takes its place. */
export function startGuardian(folder: string): Guardian {
  const groups = new Set<number>()
  let dismissed = false
  const start = (): ChildProcess => {
    // In a group of its own: nothing that is sent to this process's group reaches it.
    const started = spawn('/bin/sh', ['-c', script, 'guardian', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    started.once('error', () => undefined)
    started.stdin?.on('error', () => undefined)
    started.once('exit', () => {
      if (dismissed) return
      child = start()
      for (const group of groups) tell('add', group)
    })
    started.unref()
    return started
  }
  const tell = (word: string, group: number): void => void child.stdin?.write(`${word} ${group}\n`)
  let child = start()
  return {
    add(group) {
      groups.add(group)
      tell('add', group)
    },
    end(group) {
      groups.delete(group)
      tell('end', group)
    },
    dismiss() {
      dismissed = true
      const { stdin } = child
      if (stdin === null || stdin.destroyed) return Promise.resolve()
      return new Promise((resolve) => stdin.end('over 0\n', () => resolve()))
    },
  }
}
