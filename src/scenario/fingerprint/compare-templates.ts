import { imageReference, isOurs } from '../../contract/image-reference.ts'
import type { Comparison, FingerprintOptions } from './check-fingerprint.ts'
import { bakedTemplates } from './own-fingerprint.ts'
import { differingTemplates, templatesAmong, templatesHash } from './template-hash.ts'

/** The templates beside the scenario as it was read, against those that its steps will find in their image. */
export async function compareTemplates(options: FingerprintOptions): Promise<Comparison> {
  const { source, seitaskImage, simulated } = options
  const { scenario, commit } = source.origin
  const named = templatesNamed(source.text)
  const read = templatesAmong(source.files)
  if (named.length === 0) return { agrees: true, expected: 'none', found: 'none' }
  if (seitaskImage === undefined || !(simulated || isOurs(seitaskImage))) {
    return { agrees: true, expected: 'those of the image', found: 'told by its tag, see scenario-ref' }
  }
  const { tag } = imageReference(seitaskImage)
  if (read.size === 0 && commit !== undefined && tag === commit)
    return { agrees: true, expected: `those of ${commit}`, found: 'the image is of that commit' }
  const baked = await bakedTemplates(scenario)
  const expected = `${baked.size} in the image, ${templatesHash(baked).slice(0, 12)}`
  if (read.size === 0)
    return {
      agrees: [...named].every((name) => baked.has(name)),
      expected,
      found: `${named.join(', ')} named; the files themselves were not read`,
      fix: `use an image that has scenarios/${scenario}/`,
    }
  const differ = differingTemplates(read, baked)
  const found = `${read.size} beside the scenario, ${templatesHash(read).slice(0, 12)}`
  if (differ.length === 0) return { agrees: true, expected, found }
  const fix = 'build the image of the steps from the same files, or name the ref that it was built from'
  return { agrees: false, expected, found: `${found}; differ: ${differ.join(', ')}`, fix }
}

/** File names of the scenario's templates that its steps name: `--template=/scenarios/<scenario>/<file>`. */
function templatesNamed(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/--template=\/scenarios\/[^/\s]+\/([^\s"',\]]+)/g)].flatMap(([, name]) => name ?? []),
    ),
  ]
}
