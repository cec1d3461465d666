/** A path inside a container, and the path that stands for it on this machine. */
export type PathMapping = readonly [inside: string, here: string]

/**
 * Rewrites the paths of a container's mounts in a text. A path counts where it begins a word, follows `=`, `:`, a quote and the
 * like, or `file://`, and ends with `/`, the word, or any character that no file name has; the longest mount wins. What a
 * program puts together itself is not seen.
 */
export function pathRewriter(mappings: readonly PathMapping[]): (text: string) => string {
  if (mappings.length === 0) return (text) => text
  const here = new Map(mappings)
  const longestFirst = [...here.keys()].toSorted((a, b) => b.length - a.length)
  const paths = longestFirst.map((path) => RegExp.escape(path)).join('|')
  const pattern = new RegExp(`(?:(?<=file://)|(?<![\\w.~/)}\\]*?$-]))(?:${paths})(?![\\w.-])`, 'g')
  return (text) => text.replaceAll(pattern, (path) => here.get(path) ?? path)
}
