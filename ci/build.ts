import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { rolldown, type RolldownOutput } from 'rolldown'
import { labelsOf, ownFingerprint } from '../src/scenario/fingerprint/own-fingerprint.ts'

/**
 * Builds `dist` from nothing, so that a removed source leaves no stale module behind: declarations by the compiler, modules
 * in few files. Hundreds of small ones cost each process of a run a tenth of a second at its start, every test file a part of
 * that, and the embedded cluster's process most, which is why its dependencies are put in as well.
 */
const { dependencies, peerDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

const doors = ['index', 'test', 'plugin', 'client', 'embedded', 'reporter']
const entries = [...doors, 'cli/main', 'clusters/control-plane/main', 'clusters/named/main', 'runner/setup']

await rm('dist', { recursive: true, force: true })
const [{ exitCode }, , embedded] = await Promise.all([declarations(), bundleHarness(), bundleEmbedded()])
await writeFile('dist/THIRD-PARTY-LICENSES', await licensesOf(embedded))
await writeFile('dist/fingerprint.json', await fingerprint())
await chmod('dist/src/cli/main.js', 0o755)
process.exitCode = exitCode ?? 1

/** Type errors show here and end the build with the compiler's code; what was built stays usable meanwhile. */
function declarations(): Promise<{ readonly exitCode?: number | undefined }> {
  return execa({ stdio: 'inherit', preferLocal: true, reject: false })`tsc -p tsconfig.build.json`
}

/** All that users import and start themselves, its dependencies left to be installed. */
async function bundleHarness(): Promise<void> {
  const external = Object.keys({ ...dependencies, ...peerDependencies })
  await using bundle = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    platform: 'node',
    // package.json promises that to bundlers of users; the check of Node's version is an effect that doors need.
    treeshake: { moduleSideEffects: (id) => id.endsWith('/node-version.ts') },
  })
  // One folder deep, as the modules are that look for others beside them.
  await bundle.write({ dir: 'dist/src', chunkFileNames: 'chunks/[name]-[hash].js' })
}

async function bundleEmbedded(): Promise<RolldownOutput> {
  await using bundle = await rolldown({ input: { main: 'src/embedded/main.ts' }, platform: 'node' })
  return await bundle.write({ dir: 'dist/src/embedded', chunkFileNames: '[name]-[hash].js' })
}

/** What an image of this package is labelled with: `docker build --label` takes each entry of `labels`. */
async function fingerprint(): Promise<string> {
  const own = await ownFingerprint()
  return `${JSON.stringify({ ...own, labels: labelsOf(own) }, undefined, 2)}\n`
}

/** The licences of the packages whose code is in a bundle, each under its name and version. */
async function licensesOf({ output }: RolldownOutput): Promise<string> {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  const found = modules.map((id) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[0])
  const folders = [...new Set(found)].filter((folder) => folder !== undefined).toSorted()
  return (await Promise.all(folders.map(licenseIn))).join('\n')
}

async function licenseIn(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Record<'name' | 'version' | 'license', string>
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  const text =
    file === undefined ? `(no licence file; ${license})\n` : await readFile(join(folder, file), 'utf8')
  return `${name} ${version}: ${license}\n\n${text}`
}
