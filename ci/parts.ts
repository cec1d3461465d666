/**
 * Builds the real parts that the mode `envtest` starts, from their Go modules, unless they are there already:
 *
 *   npm run parts
 *
 * They go into a folder of the user's cache (`SEI_PARTS` moves it), one for each set of versions; its path is the last
 * line. Needs Go and its module proxy, the first time for some minutes; both are left alone when nothing is missing. Where
 * KUBEBUILDER_ASSETS names a folder, that one is looked at, and nothing is built. Fails with one line.
 */
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import {
  controllerManager,
  folderOnPath,
  hasPart,
  neededParts,
  partsFolder,
  partVersions,
} from '../src/clusters/parts.ts'
import { fail, orOneLine, provide, say, type GoSource } from './parts/go-programs.ts'

const { kubernetes, etcd } = partVersions
const [major, minor] = kubernetes.split('.')
const versionPackage = 'k8s.io/component-base/version'

const sources: readonly GoSource[] = [
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

const assets = process.env['KUBEBUILDER_ASSETS'] ?? ''
await orOneLine(async () => {
  if (assets !== '') return check(assets)
  const folder = partsFolder(process.env)
  await provide(folder, sources, 'install Go, or set KUBEBUILDER_ASSETS')
  await linkKubectl(folder)
  say(folder)
})

function check(folder: string): void {
  const missing = neededParts.filter((name) => !hasPart(folder, name))
  if (missing.length > 0)
    fail(
      `${missing.join(' and ')} missing in ${folder}, which KUBEBUILDER_ASSETS names; unset it to build them`,
    )
  say(`KUBEBUILDER_ASSETS has what is needed; nothing is built`)
  say(folder)
}

/** Some tools look for it beside the others. */
async function linkKubectl(folder: string): Promise<void> {
  const found = folderOnPath(process.env, 'kubectl')
  if (found === undefined || hasPart(folder, 'kubectl')) return
  await symlink(join(found, 'kubectl'), join(folder, 'kubectl')).catch(() => undefined)
}
