const named = Object.keys(process.env).some((name) =>
  /^SEI_(NODE_CLUSTER|KIND|LOCAL|DOCKER|ENVTEST|EMBEDDED)$/.test(name),
)

/**
 * Scenarios run on whichever cluster the environment names. Where it names none they ask for the simulated one, also in CI: here
 * that is the point, not an accident.
 */
export const mode: { mode?: 'embedded' } = named ? {} : { mode: 'embedded' }
