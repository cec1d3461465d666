import { object, record } from './check-structures.ts'
import {
  accept,
  anyText,
  flag,
  integer,
  isPlainObject,
  refine,
  refuse,
  show,
  text,
  type Check,
} from './checks.ts'
import { image } from './fields.ts'
import type { HaltOptions, NotifyOptions } from './halt-actions.ts'
import { dns1 } from './names.ts'

const hook: Check<NonNullable<NotifyOptions['hook']>> = (value, where) =>
  typeof value === 'function'
    ? accept(value as NonNullable<NotifyOptions['hook']>)
    : refuse({
        what: `${show(value)} is not a function`,
        where,
        expected: 'a function that takes a notification',
        fix: 'write (notification) => { … }',
      })

/** A URL to post to. */
export const webhook: Check<string> = refine(text({ noun: 'a URL' }), (value) =>
  /^https?:\/\/[^/\s]+/.test(value) && URL.canParse(value)
    ? undefined
    : {
        what: `${show(value)} is not an HTTP URL`,
        expected: 'http:// or https://',
        fix: 'write the whole URL',
      },
)

const configMap = object<{ configMap: string }>(
  { configMap: text({ noun: 'the name of a ConfigMap', pattern: dns1 }) },
  { required: ['configMap'] },
)
const byPlan = record(anyText, image)

/** Images by plan, or the ConfigMap that has them: one key, `configMap`, whose value is a name and no image reference. */
const images: Check<NonNullable<HaltOptions['images']>> = (value, where) =>
  isPlainObject(value) && isConfigMap(value) ? configMap(value, where) : byPlan(value, where)

/** Whether `images` names a ConfigMap. A plan of that name is told by its image, which has a colon, slash or dot. */
export function isConfigMap(value: Readonly<Record<string, unknown>>): value is { configMap: string } {
  const { configMap: named } = value
  return Object.keys(value).length === 1 && typeof named === 'string' && !/[:/.]/.test(named)
}

export const haltOptions: Check<HaltOptions> = object<HaltOptions>({
  act: flag,
  images,
  notify: object<NotifyOptions>({ webhook, hook }),
  lingerMs: integer(0, undefined, ' of milliseconds'),
})
