/** A reference from one source file to another, or to a package. */
export interface Reference {
  readonly specifier: string
  /** `import` covers static, dynamic and type imports; `url` is any other path, such as that of a child process. */
  readonly by: 'import' | 'url'
}

const imported =
  /^(?:import|export)\s[^'"=;]*?\bfrom\s*['"]([^'"\n]+)|^import\s*['"]([^'"\n]+)|\bimport\(\s*['"]([^'"\n]+)/gm
const relative = /(['"`])(\.{1,2}\/[^'"`\n]+)\1/g

/** Every module or path that a source file refers to. Comments are left out: they may show examples. */
export function referencesOf(source: string): Reference[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const imports = [...code.matchAll(imported)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  const paths = [...code.matchAll(relative)].map((match) => match[2] ?? '')
  return [
    ...imports.map((specifier): Reference => ({ specifier, by: 'import' })),
    ...paths
      .filter((path) => !imports.includes(path))
      .map((specifier): Reference => ({ specifier, by: 'url' })),
  ]
}
