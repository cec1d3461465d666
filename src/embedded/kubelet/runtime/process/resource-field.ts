import type { Container } from '../../../../contract/objects.ts'
import { quantity } from '../../../quantity.ts'

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
