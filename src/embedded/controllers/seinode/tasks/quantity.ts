const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** Bytes of a Kubernetes storage quantity such as `2Gi`; NaN for anything else. */
export function bytesOf(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity)
  const unit = units[match?.[2] ?? '?']
  return match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit
}
