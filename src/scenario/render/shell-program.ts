const shells = /(^|\/)(sh|bash|ash|dash|zsh)$/

/** Whether a command line has a shell in it, also behind `timeout 10` or `env`: `$NAME` and `$(…)` are the shell's then. */
export function runsShell(commandLine: readonly unknown[]): boolean {
  return commandLine.some((word) => typeof word === 'string' && shells.test(word))
}
