import { readFile } from 'node:fs/promises'
import { inject } from 'vitest'
import { homeEnvironment } from './home.ts'
import { createProject, type TempProject } from './project.ts'

export { defaultConfig, type TempProject } from './project.ts'

/**
 * A project on the packages that this test run installed, whose runs use the home of the tests; its config is the design's
 * unless `files` say otherwise.
 */
export function tempProject(files: Readonly<Record<string, string>> = {}): Promise<TempProject> {
  return createProject(inject('packed'), files, homeEnvironment())
}

/**
 * The comment that gives a file options of its own. In two parts, since Vitest looks for it in the whole text of the files
 * that use this as well.
 */
export function docblock(options: object): string {
  return `// @vitest-${'environment-options'} ${JSON.stringify(options)}\n`
}

/** The text of a suite that is a file of its own, so that it is checked as users' tests are. */
export function suite(name: string): Promise<string> {
  return readFile(new URL(`../e2e/suites/${name}.suite.ts`, import.meta.url), 'utf8')
}
