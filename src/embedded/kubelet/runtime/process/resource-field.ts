import type { Container } from '../../../../contract/objects.ts'

const scales: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** Value of a `resourceFieldRef`, such as `limits.memory`, in units of `divisor`, rounded up; 0 where the container says nothing. */
export function resourceOf(container: Container, resource: string, divisor: string | number = 1): string {
  const [kind = '', name = ''] = splitAtDot(resource)
  if (kind !== 'limits' && kind !== 'requests')
    throw new Error(`unsupported container resource : ${resource}`)
  const resources = container['resources'] as Record<string, Record<string, string | number>> | undefined
  const unit = quantity(divisor) || 1
  return String(Math.ceil(quantity(resources?.[kind]?.[name] ?? 0) / unit))
}

function splitAtDot(text: string): string[] {
  const at = text.indexOf('.')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function quantity(value: string | number): number {
  const [, number = '', unit = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? []
  return Number(number) * (scales[unit] ?? 1)
}
