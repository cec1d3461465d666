/** What two servers cannot print alike: ages, times, uids, revisions, addresses, ports, generated names, tokens. */
const replaced: readonly (readonly [RegExp, string])[] = [
  // The client's own log, which tells when a watch stands.
  [/^[IWE]\d{4} [\d:.]+ .*\n?/gm, ''],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME'],
  // A generated name may end like an age.
  [/(?<!-)\b\d+(ms|[smhdy])(\d+[smhd])?\b/g, 'AGE'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000/g, 'TIME'],
  [/(\\?"?resource ?version\\?"?:\s*)(\\?")?\d+(\\?")?/gi, '$1REVISION'],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, '$1'],
  [/containerd:\/\/[0-9a-f]{64}/g, 'CONTAINER'],
  [/\b[0-9a-f]{40}@/g, 'NODE@'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN'],
  // Nobody waits for a sidecar's last two tasks: either of them may end its log.
  [/\btype=(config-validate|mark-ready)\b/g, 'type=LAST'],
  [/(https?:\/\/)?127\.0\.0\.1:\d+/g, 'SERVER'],
  [/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS'],
  [/\b(80|81):3\d{4}\//g, '$1:PORT/'],
  [/((?:healthCheckN|n)odePort"?:|NodePort:.*?) +3\d{4}/gi, '$1 PORT'],
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-SUFFIX'],
  // Where a server itself listens.
  [/targetPort: [3-6]\d{4}\b/g, 'targetPort: PORT'],
  // Columns are as wide as the values above.
  [/ {2,}/g, '  '],
  [/ +$/gm, ''],
]

export function normal(text: string): string {
  return replaced.reduce((rest, [pattern, by]) => rest.replace(pattern, by), inOrder(text)).trim()
}

/** JSON with its keys in order, which means nothing; any other text as it is. */
function inOrder(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)), undefined, 2)
  } catch {
    return text
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]))
}

/** What `explain` says of structure: group, kind, and fields with their types. Its prose is each server's own. */
export function structure(text: string): string {
  const kept = /^(GROUP|KIND|VERSION|FIELD):|\t<|^ *enum:/
  return text
    .split('\n')
    .filter((line) => kept.test(line))
    .join('\n')
}
