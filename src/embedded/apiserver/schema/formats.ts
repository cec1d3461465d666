import { isIP } from 'node:net'

type FormatTest = (text: string) => boolean

const uuid = (version: string): FormatTest => {
  const pattern = new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`,
    'i',
  )
  return (text) => pattern.test(text)
}

const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u

/** Tests of the string formats that an API server checks on custom resources; any other format is ignored. */
export const stringFormats: Readonly<Record<string, FormatTest>> = {
  'date-time': isDateTime,
  datetime: isDateTime,
  date: isDate,
  duration: isDuration,
  byte: isBase64,
  uri: isUri,
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: (text) => hostname.test(text) && text.length < 256,
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  cidr: isCidr,
  mac: (text) => /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4,6}[0-9a-f]{2}$/i.test(text),
  uuid: uuid('[0-9a-f]'),
  uuid3: uuid('3'),
  uuid4: uuid('4'),
  uuid5: uuid('5'),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  password: () => true,
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const clockTime = /^(\d{2}):(\d{2}):(\d{2})(\.\d+)?(z|[+-]\d{2}:\d{2})$/

function isDateTime(text: string): boolean {
  const parts = text.toLowerCase().split('t')
  const [date, time] = parts
  if (parts.length !== 2 || date === undefined || time === undefined || !isDate(date)) return false
  const match = clockTime.exec(time)
  if (match === null) return false
  return Number(match[1]) < 24 && Number(match[2]) < 60 && Number(match[3]) <= 60
}

const goDuration = /^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/
const wordDuration =
  /^\d+(\.\d+)?\s*(ns|nano|nanoseconds?|us|µs|micro|microseconds?|ms|milli|milliseconds?|s|sec|secs|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)$/

function isDuration(text: string): boolean {
  return text === '0' || goDuration.test(text) || wordDuration.test(text)
}

function isBase64(text: string): boolean {
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
}

function isUri(text: string): boolean {
  // Go's ParseRequestURI takes an absolute URI or an absolute path.
  return text.startsWith('/') ? !/\s/.test(text) : /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text)
}

function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/')
  if (address === undefined || bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false
  const family = isIP(address)
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)
}

const integerBounds: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

/** Whether an integer fits its format; without a known format it must fit 64 bits. */
export function fitsInteger(value: number | bigint, format: string | undefined): boolean {
  if (Number.isSafeInteger(value) && format === undefined) return true
  const [low, high] = integerBounds[format ?? 'int64'] ?? integerBounds['int64'] ?? [0n, 0n]
  const integer = BigInt(value)
  return integer >= low && integer <= high
}
