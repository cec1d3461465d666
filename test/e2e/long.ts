/** Tests that take more than their share of `npm test`; `npm run test:long` runs them on the embedded cluster. Each with the reason. */
export const long: Readonly<Record<string, string>> = {
  'chaos-faults.test.ts': 'a network that is hurt six times, and has to recover each time',
  'governance.test.ts': 'waits for votes to be counted',
  'install.test.ts': 'installs the tarball from the registry, and compiles against it',
  'not-ready.test.ts': 'waits for gates that never pass',
  'ordered-faults.test.ts': 'a network for each fault that can be ordered',
  'seitask-up.test.ts': 'clusters that stay, one after the other',
  'task-kinds.test.ts': 'every kind of task, in every way that it ends',
  'virtual-clock.test.ts': 'hours of the cluster’s time',
  'workflow.test.ts': 'whole scenarios, with a network beside them',
  'watchdog.test.ts': 'a network for each way to lose one',
}
