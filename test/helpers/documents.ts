import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repository } from './pack.ts'

/** The TypeScript of a page, by file name: the one that a block's first line gives it, else one of its number. */
export async function codeOf(page: string): Promise<Record<string, string>> {
  const text = await readFile(join(repository, page), 'utf8')
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  return Object.fromEntries(
    blocks.map((code, at) => [/^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? `block-${at + 1}.ts`, code]),
  )
}
