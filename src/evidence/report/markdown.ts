import { stripVTControlCharacters } from 'node:util'

/** Text for one line of Markdown: no control characters, no line breaks, nothing that a renderer would take for markup. */
export function inline(text: string): string {
  return plain(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_<>[\]|#]/g, '\\$&')
}

/** As code within a line or a cell. */
export function code(text: string): string {
  const bare = plain(text).replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')
  return bare.includes('`') ? inline(text) : `\`${bare}\``
}

/** A table that also reads well in a terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(3, ...all.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)]
}

/** Lines as they are, in a fence that is longer than any of theirs. */
export function block(lines: readonly string[]): string[] {
  const text = lines.map(plain)
  const longest = Math.max(2, ...text.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...text, fence]
}

/** Without escape sequences and control characters: a log may hold what moves a terminal's cursor. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\t\n]/gu, '')
}
