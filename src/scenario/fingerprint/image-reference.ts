/** Parts of an image reference that comparisons need. */
export interface ImageReference {
  /** Last path segment of the repository: `seitask-runner`. */
  readonly name: string
  /** Left out where it has none. */
  readonly tag?: string | undefined
}

/** Reads `registry:5000/path/name:tag@sha256:…`; a port is no tag. */
export function imageReference(image: string): ImageReference {
  const [reference = ''] = image.split('@')
  const last = reference.slice(reference.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon < 0 ? { name: last } : { name: last.slice(0, colon), tag: last.slice(colon + 1) }
}

/** Whether an image of steps is of this package; upstream's is called `seitask-runner`. */
export function isOurs(image: string): boolean {
  return imageReference(image).name === 'seitask'
}
