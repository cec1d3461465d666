/**
 * Task parameters as the sidecar reads them. Plans keep most of them with the field names of the controller's Go types
 * (`ChainID`, `NodeName`), the sidecar has its own (`chainId`, `nodeName`); both are recorded facts.
 */
export function wireParams(taskType: string, params: unknown): Record<string, unknown> {
  if (!isRecord(params)) return {}
  const renamed = Object.entries(params).map(([name, value]): [string, unknown] => [wireName(name), value])
  const wire = Object.fromEntries(renamed)
  if (taskType === 'configure-genesis' && wire['expectedGenesisHash'] === '') return {}
  return wire
}

/** `ChainID` → `chainId`, `RpcServers` → `rpcServers`; names that begin small are the sidecar's already. */
function wireName(name: string): string {
  if (!/^[A-Z]/.test(name)) return name
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`.replace(/ID$/, 'Id')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
