import { appendFile, readFile } from 'node:fs/promises'

/** `KEY=VALUE` lines, with or without `export`; nothing where there is no such file. Values are taken as they stand. */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  })
  const pairs = text
    .split('\n')
    .map((line) => line.trim().replace(/^export /, ''))
    .filter((line) => !line.startsWith('#') && line.indexOf('=') > 0)
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  return Object.fromEntries(pairs) as Record<string, string>
}

/** Its folder must be there: a volume that steps share. */
export async function appendEnvFile(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`)
  if (lines.length > 0) await appendFile(path, lines.join(''))
}
