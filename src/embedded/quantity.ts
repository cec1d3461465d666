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

/** Number that a Kubernetes quantity such as `2Gi`, `500m` or `1e3` stands for; NaN for what is none. */
export function quantity(value: string | number): number {
  const match = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+)([A-Za-z]*)$/.exec(String(value))
  const scale = scales[match?.[2] ?? '?']
  return match === null || scale === undefined ? Number.NaN : Number(match[1]) * scale
}
