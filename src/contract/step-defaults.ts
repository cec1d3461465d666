/** Defaults of the steps of a scenario: what `--help` shows. Durations in ms, of the scenario's clock. */
export const stepDefaults = {
  keyName: 'admin',
  readyTimeoutMs: 900_000,
  runningTimeoutMs: 900_000,
  firstBlockTimeoutMs: 300_000,
  replicas: 1,
  runnerTimeoutMs: 600_000,
  pollIntervalMs: 5_000,
  fanOutMode: 'all-must-succeed',
  envFile: '/workflow/vars/env.sh',
  gateTimeoutMs: 180_000,
} as const
