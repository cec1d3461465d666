import { accept, refuse, show, text, type Check } from '../../contract/checks.ts'
import { parseGoDuration } from '../../contract/go-duration.ts'
import { dns1, dns1035, maxNodeNameLength, publicChainIds } from '../../contract/names.ts'

/** What a placeholder of a scenario may hold. */
export const placeholderTypes = ['slug', 'chainId', 'image', 'integer', 'duration', 'text'] as const
export type PlaceholderType = (typeof placeholderTypes)[number]

/** Longest name that a chain's nodes add to its id. */
const longestSuffix = '-rpc-0'

const maxScenarioChainIdLength = maxNodeNameLength - longestSuffix.length

const slug = text({
  noun: 'a slug',
  pattern: dns1,
  form: 'lower-case letters, digits and dashes, none of them at an end',
  maxLength: 63,
})

const chainIdText = text({
  noun: 'a chain id',
  // Its network has that name, and Services are named after it.
  pattern: dns1035,
  form: `a letter, then lower-case letters, digits and dashes, at most ${maxScenarioChainIdLength} so that names of its nodes fit`,
  maxLength: maxScenarioChainIdLength,
})

const chainId: Check<string> = (value, where) => {
  const checked = chainIdText(value, where)
  if (!checked.ok || !publicChainIds.includes(checked.value)) return checked
  return refuse({
    what: `${show(value)} is a public chain`,
    where,
    expected: 'an id that no chain has had',
    fix: 'leave it out: it is made of the run id',
  })
}

const image = text({
  noun: 'an image reference',
  pattern:
    /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  form: '<registry>/<repository>:<tag> or …@sha256:<digest>',
  maxLength: 512,
})

const integer: Check<string> = (value, where) =>
  typeof value === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(value)
    ? accept(value)
    : refuse({
        what: `${show(value)} is not a whole number`,
        where,
        expected: 'decimal digits',
        fix: 'write a number without unit, fraction or leading zeros',
      })

const duration: Check<string> = (value, where) => {
  const ms = typeof value === 'string' ? parseGoDuration(value) : undefined
  if (typeof value === 'string' && ms !== undefined && ms > 0) return accept(value)
  return refuse({
    what: `${show(value)} is not a duration`,
    where,
    expected: 'a number with its unit, more than nothing',
    fix: 'write such as 90s, 25m or 1h30m',
  })
}

/** One line; without what a shell, the kubelet's `$(NAME)` or a JSON text around it would read as something else. */
const line = text({
  noun: 'one line of text',
  pattern: /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}"'`$\\]+$/u,
  form: 'without quotes, backslash, backtick, $ or control characters',
  maxLength: 512,
})

export const placeholderChecks: Readonly<Record<PlaceholderType, Check<string>>> = {
  slug,
  chainId,
  image,
  integer,
  duration,
  text: line,
}
