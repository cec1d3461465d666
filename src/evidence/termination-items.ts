import type { Termination } from '../contract/halts.ts'
import type { Item } from './item.ts'

/** The end of a container, with what it had written where that could still be read. */
export type EndedContainer = Termination & { readonly log?: string | undefined }

/** `terminations.json`, in the order they were seen, and the last log of each: the cluster forgets both. */
export function terminationItems(ended: readonly EndedContainer[]): Item[] {
  if (ended.length === 0) return []
  const named = ended.map(({ log, ...termination }, index) => {
    const number = String(index + 1).padStart(3, '0')
    const file =
      log === undefined ? undefined : `terminations/${number}-${termination.pod}-${termination.container}.log`
    return { termination: file === undefined ? termination : { ...termination, log: file }, file, log }
  })
  const logs = named.flatMap(({ file, log }): Item[] =>
    file === undefined ? [] : [{ path: file, read: async () => log }],
  )
  return [
    { path: 'terminations.json', read: async () => named.map(({ termination }) => termination) },
    ...logs,
  ]
}
