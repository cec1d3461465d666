const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
)

const special: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/**
 * The names by which CEL reads a declared property. Reserved words have two: since 1.32 rules may also say them as they
 * are. Keys that are data (`additionalProperties`) are not escaped.
 */
export function propertyNames(name: string): readonly string[] {
  if (reserved.has(name)) return [name, `__${name}__`]
  return [name.replace(/__|[.\-/]/g, (found) => special[found] ?? found)]
}
