import type { Mode, ResolvedMode } from '../contract/modes.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import type { RunOptions } from '../contract/spec.ts'
import { usageError } from '../errors/sei-error.ts'
import type { Cluster } from './cluster.ts'
import { startEmbedded } from './embedded.ts'

export interface OpenOptions extends Pick<
  RunOptions,
  'namespace' | 'context' | 'allowContexts' | 'embedded'
> {
  readonly signal?: AbortSignal | undefined
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** Modes of which this version knows where the cluster comes from. */
const available: readonly Mode[] = ['embedded', 'envtest', 'k8s']

/** Whether this version can open a cluster of that mode; told before anything is created. */
export function checkAvailable(resolved: ResolvedMode): Checked<ResolvedMode> {
  if (available.includes(resolved.mode)) return { ok: true, value: resolved }
  const problem: Problem = {
    what: `mode ${resolved.mode} has no cluster that this version can open`,
    where: resolved.source === 'option' ? 'option mode' : `environment variable ${resolved.source}`,
    expected: `one of ${available.join(', ')}`,
    fix: `use mode '${available[0]}' on this machine, or 'k8s' with a kubeconfig`,
  }
  return { ok: false, problems: [problem] }
}

/**
 * Opens the cluster of a mode. Throws BAD_OPTIONS for a mode that this version cannot open, else what the mode's own
 * opening throws (CLUSTER_UNAVAILABLE, CONTEXT_REFUSED, RUN_CANCELLED).
 */
export async function openCluster(resolved: ResolvedMode, options: OpenOptions = {}): Promise<Cluster> {
  const checked = checkAvailable(resolved)
  if (!checked.ok) throw usageError(checked.problems, 'BAD_OPTIONS')
  const { namespace, signal } = options
  if (resolved.mode === 'embedded') {
    return startEmbedded({ ...options.embedded, namespace, signal })
  }
  if (resolved.mode === 'envtest') {
    const { startEnvtest } = await import('./envtest.ts')
    return startEnvtest({ ...options.embedded, namespace, signal, env: options.env })
  }
  const { connectExisting } = await import('./existing.ts')
  const { context, allowContexts, env } = options
  return connectExisting({ namespace, context, allowContexts, env, signal })
}
