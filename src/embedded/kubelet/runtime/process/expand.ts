const reference = /\$(?:\$|\(([^)]*)\))/g

/**
 * Resolves `$(NAME)` as the kubelet does: `$$` stands for one `$`, so that `$$(NAME)` stays `$(NAME)`; a name without a value
 * stays as it is written, reference and all.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(reference, (written, name: string | undefined) =>
    name === undefined ? '$' : (values.get(name) ?? written),
  )
}
