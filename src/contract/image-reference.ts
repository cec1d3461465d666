/** Parts of an image reference. */
export interface ImageReference {
  /** Without tag and digest: `registry:5000/path/seitask-runner`. */
  readonly repository: string
  /** Last path segment of the repository: `seitask-runner`. */
  readonly name: string
  /** Left out where it has none. */
  readonly tag?: string | undefined
}

/** Reads `registry:5000/path/name:tag@sha256:…`; a port is no tag. */
export function imageReference(image: string): ImageReference {
  const [reference = ''] = image.split('@')
  const [, repository = reference, tag] = /^(.*?)(?::([^/:]*))?$/s.exec(reference) ?? []
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  return tag === undefined ? { repository, name } : { repository, name, tag }
}

/** Names of images whose program is `seitask`: of this package, and of upstream. */
export const seitaskNames = ['seitask', 'seitask-runner'] as const

/** Whether an image of steps is of this package. */
export function isOurs(image: string): boolean {
  return imageReference(image).name === seitaskNames[0]
}

/** Whether an image has the program `seitask`, ours or upstream's: its log is short, and it ends with 0, 1 or 2. */
export function isSeitask(image: string): boolean {
  const { name } = imageReference(image)
  return seitaskNames.some((known) => known === name)
}
