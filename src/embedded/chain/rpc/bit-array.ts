import type { GenesisValidator } from '../types.ts'

/** Who voted and what share of the power that is, e.g. `BA{4:x_x_} 20/40 = 0.50`. */
export function bitArray(validators: readonly GenesisValidator[], voted: readonly boolean[]): string {
  const total = validators.reduce((sum, { power }) => sum + power, 0)
  const power = validators.reduce((sum, validator, i) => sum + (voted[i] === true ? validator.power : 0), 0)
  const bits = validators.map((_, i) => (voted[i] === true ? 'x' : '_')).join('')
  const share = total === 0 ? 0 : power / total
  return `BA{${validators.length}:${bits}} ${power}/${total} = ${share.toFixed(2)}`
}
