/** JSON as grpc-gateway prints it: two spaces, and empty lists over two lines. */
export function jsonpb(value: unknown): string {
  return print(value, '')
}

function print(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${print(item, inner)}`)
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, inner)}`)
  const body = lines.length === 0 ? '' : `${lines.join(',\n')}\n`
  return `${open}\n${body}${indent}${close}`
}
