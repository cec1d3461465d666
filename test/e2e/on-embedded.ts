import type { TestProjectInlineConfiguration } from 'vitest/config'

/** A project of e2e tests on the embedded cluster. Paths are relative to this folder. */
export function onEmbedded(
  name: string,
  files: { readonly include: readonly string[]; readonly exclude?: readonly string[] },
): TestProjectInlineConfiguration {
  return {
    root: import.meta.dirname,
    test: {
      name,
      include: [...files.include],
      exclude: [...(files.exclude ?? [])],
      globalSetup: ['../helpers/packed.ts'],
      provide: { home: { mode: 'embedded' } },
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  }
}
