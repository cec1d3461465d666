/** What RE2, the engine of Go, does not know. */
const unknownToGo = /\(\?(?:[=!>]|<[=!])|\\[1-9]/

/** A regular expression as Go reads it. Throws for what is none, and for look-around and back references, which Go has not. */
export function goPattern(source: string): RegExp {
  if (unknownToGo.test(source.replaceAll('\\\\', '')))
    throw new Error(`invalid or unsupported Perl syntax: ${source}`)
  const [prefix = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? []
  const body = source
    .slice(prefix.length)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\[AzQE]/g, (escape) => (escape === '\\A' ? '(?<![\\s\\S])' : '(?![\\s\\S])'))
  return new RegExp(body, flags)
}
