/**
 * Builds the real parts that the mode `envtest` starts, from their Go modules, unless they are there already:
 *
 *   npm run parts
 *
 * They go into a folder of the user's cache (`SEI_PARTS` moves it), one for each set of versions; its path is the last
 * line. Needs Go and its module proxy, the first time for some minutes; both are left alone when nothing is missing. Where
 * KUBEBUILDER_ASSETS names a folder, that one is looked at, and nothing is built. Fails with one line.
 */
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, ExecaError } from 'execa'
import {
  controllerManager,
  folderOnPath,
  hasPart,
  neededParts,
  partsFolder,
  partVersions,
} from '../src/clusters/parts.ts'

/** Programs of one Go module, built in one go: they share most of their packages. */
interface Source {
  readonly module: string
  readonly version: string
  /** Program to package. */
  readonly programs: Readonly<Record<string, string>>
  /** Values for variables of the linked program. */
  readonly variables: Readonly<Record<string, string>>
  /** The module's own go.mod replaces other modules by folders beside it: these, by the versions published with it. */
  readonly staging?: string
}

const { kubernetes, etcd } = partVersions
const [major, minor] = kubernetes.split('.')
const versionPackage = 'k8s.io/component-base/version'

const sources: readonly Source[] = [
  {
    module: 'go.etcd.io/etcd/server/v3',
    version: `v${etcd}`,
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    variables: {},
  },
  {
    module: 'k8s.io/kubernetes',
    version: `v${kubernetes}`,
    programs: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      [controllerManager]: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    },
    variables: {
      [`${versionPackage}.gitVersion`]: `v${kubernetes}`,
      [`${versionPackage}.gitMajor`]: major ?? '',
      [`${versionPackage}.gitMinor`]: minor ?? '',
    },
    staging: `v0.${kubernetes.slice(kubernetes.indexOf('.') + 1)}`,
  },
]

/** Says what it does, in lines of its own. */
function say(line: string): void {
  console.log(`parts: ${line}`)
}

class Missing extends Error {}

function fail(why: string): never {
  throw new Missing(why)
}

const assets = process.env['KUBEBUILDER_ASSETS'] ?? ''
try {
  if (assets === '') await provide(partsFolder(process.env))
  else check(assets)
} catch (error) {
  if (!(error instanceof Missing)) throw error
  console.error(`parts: ${error.message}`)
  process.exitCode = 1
}

function check(folder: string): void {
  const missing = neededParts.filter((name) => !hasPart(folder, name))
  if (missing.length > 0)
    fail(
      `${missing.join(' and ')} missing in ${folder}, which KUBEBUILDER_ASSETS names; unset it to build them`,
    )
  say(`KUBEBUILDER_ASSETS has what is needed; nothing is built`)
  say(folder)
}

async function provide(folder: string): Promise<void> {
  const wanted = sources.filter(({ programs }) => missingOf(folder, programs).length > 0)
  if (wanted.length > 0) {
    const names = wanted.flatMap(({ programs }) => missingOf(folder, programs)).join(', ')
    if (folderOnPath(process.env, 'go') === undefined)
      fail(`no Go on the PATH, and ${names} must be built; install Go, or set KUBEBUILDER_ASSETS`)
    // Minutes of compiling: whatever else this machine does comes first.
    setPriority(constants.priority.PRIORITY_LOW)
    await mkdir(folder, { recursive: true })
    for (const source of wanted) await build(source, folder)
  }
  await linkKubectl(folder)
  say(folder)
}

function missingOf(folder: string, programs: Source['programs']): string[] {
  return Object.keys(programs).filter((name) => !hasPart(folder, name))
}

/** A wrapper module of ours requires the source's: `go install module@version` refuses modules that replace others. */
async function build(source: Source, folder: string): Promise<void> {
  const { module, version } = source
  const names = missingOf(folder, source.programs)
  const work = await mkdtemp(join(tmpdir(), 'sei-parts-'))
  const startedAt = Date.now()
  try {
    say(`building ${names.join(' and ')} from Go module ${module}@${version}; the first time takes minutes`)
    await writeFile(join(work, 'go.mod'), await wrapperOf(source, work))
    for (const name of names) {
      await go(
        work,
        'build',
        '-mod=mod',
        '-trimpath',
        '-ldflags',
        linkerFlags(source),
        '-o',
        name,
        source.programs[name] ?? '',
      )
      // From a folder of its own first: a build that was cut off leaves nothing that looks complete.
      await moveInto(join(work, name), join(folder, name))
    }
    say(`built in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function wrapperOf(source: Source, work: string): Promise<string> {
  const { module, version, staging } = source
  const { Dir } = JSON.parse(await go(work, 'mod', 'download', '-json', `${module}@${version}`)) as {
    Dir: string
  }
  const own = await readFile(join(Dir, 'go.mod'), 'utf8')
  const [goLine = 'go 1.26'] = /^go .*$/m.exec(own) ?? []
  const replaced = [...own.matchAll(/^\s*(?:replace )?(\S+) => \.\/\S+$/gm)].map(([, name]) => name ?? '')
  return [
    'module vitest-environment-sei/parts',
    goLine,
    `require ${module} ${version}`,
    ...(staging === undefined ? [] : replaced.map((name) => `replace ${name} => ${name} ${staging}`)),
    '',
  ].join('\n')
}

function linkerFlags({ variables }: Source): string {
  return ['-s', '-w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(' ')
}

async function go(cwd: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execa('go', args, { cwd, env: { CGO_ENABLED: '0', GOWORK: 'off' } })
    return stdout
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    const lines = `${error.stdout}\n${error.stderr}`.split('\n').map((line) => line.trim())
    const [last = error.shortMessage] = lines.filter((line) => line !== '' && !/^[{}]$/.test(line)).slice(-1)
    const why = last.replace(/^"Error": /, '')
    return fail(`go ${args[0]} failed, and the parts must be built; Go says: ${why}`)
  }
}

/** By way of a copy beside it: the cache may be on another file system than the temporary folder. */
async function moveInto(from: string, to: string): Promise<void> {
  const beside = `${to}.${process.pid}`
  await copyFile(from, beside)
  await rename(beside, to)
}

/** Some tools look for it beside the others. */
async function linkKubectl(folder: string): Promise<void> {
  const found = folderOnPath(process.env, 'kubectl')
  if (found === undefined || hasPart(folder, 'kubectl')) return
  await symlink(join(found, 'kubectl'), join(folder, 'kubectl')).catch(() => undefined)
}
