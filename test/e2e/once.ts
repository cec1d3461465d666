/** Tests that have nothing to do with what a cluster is made of: they run once, on the embedded one. Each with the reason. */
export const once: Readonly<Record<string, string>> = {
  'documents.test.ts': 'compiles the code of pages',
  'install.test.ts': 'what the tarball holds, its types and its doors',
  'modes.test.ts': 'which mode the environment selects: each case names its own',
  'old-node.test.ts': 'ends before anything of the package is loaded',
  'virtual-clock.test.ts':
    'a real API server is another process, whose quiet cannot be seen: it refuses the option',
}
