const minutes = 60_000

/** Defaults of the steps of a scenario: what `--help` shows. Durations in ms, of the scenario's clock. */
export const stepDefaults = {
  keyName: 'admin',
  readyTimeoutMs: 15 * minutes,
  runningTimeoutMs: 15 * minutes,
  firstBlockTimeoutMs: 5 * minutes,
  replicas: 1,
  runnerTimeoutMs: 10 * minutes,
  pollIntervalMs: 5_000,
  fanOutMode: 'all-must-succeed',
  envFile: '/workflow/vars/env.sh',
  gateTimeoutMs: 3 * minutes,
} as const
