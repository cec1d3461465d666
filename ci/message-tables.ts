/**
 * Writes src/embedded/apiserver/protobuf/message-tables.ts: number, JSON name and type of every field that a protobuf body may
 * carry, as the struct tags of the Kubernetes API modules have them. Needs Go, which fetches those modules. Run by hand after
 * the release to imitate changed: `node ci/message-tables.ts`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { execa } from 'execa'

const release = 'v0.36.6'

/** Go packages by the name of their group. */
const packages: Readonly<Record<string, string>> = {
  admissionregistration: 'k8s.io/api/admissionregistration/v1',
  apiextensions: 'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1',
  apps: 'k8s.io/api/apps/v1',
  authentication: 'k8s.io/api/authentication/v1',
  authorization: 'k8s.io/api/authorization/v1',
  autoscaling: 'k8s.io/api/autoscaling/v1',
  batch: 'k8s.io/api/batch/v1',
  coordination: 'k8s.io/api/coordination/v1',
  core: 'k8s.io/api/core/v1',
  discovery: 'k8s.io/api/discovery/v1',
  events: 'k8s.io/api/events/v1',
  meta: 'k8s.io/apimachinery/pkg/apis/meta/v1',
  policy: 'k8s.io/api/policy/v1',
  rbac: 'k8s.io/api/rbac/v1',
  storage: 'k8s.io/api/storage/v1',
}

/** The kinds that the embedded API server takes in bodies, and what their groups' reviews and subresources take. */
const roots: Readonly<Record<string, string>> = {
  admissionregistration: 'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
  apiextensions: 'CustomResourceDefinition',
  apps: 'Deployment ReplicaSet StatefulSet',
  authentication: 'SelfSubjectReview TokenRequest TokenReview',
  authorization:
    'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  autoscaling: 'Scale',
  batch: 'CronJob Job',
  coordination: 'Lease',
  core: 'Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod ResourceQuota Secret Service ServiceAccount',
  discovery: 'EndpointSlice',
  events: 'Event',
  meta: 'DeleteOptions',
  policy: 'Eviction',
  rbac: 'ClusterRole ClusterRoleBinding Role RoleBinding',
  storage: 'StorageClass',
}

/** Types whose JSON is not that of their fields. The reader knows each by name. */
const special: Readonly<Record<string, string>> = {
  'k8s.io/apimachinery/pkg/api/resource.Quantity': 'quantity',
  'k8s.io/apimachinery/pkg/runtime.RawExtension': 'json',
  'k8s.io/apimachinery/pkg/util/intstr.IntOrString': 'intOrString',
  'k8s.io/apimachinery/pkg/types.UID': 'string',
  'meta.FieldsV1': 'json',
  'meta.MicroTime': 'microTime',
  'meta.Time': 'time',
  'apiextensions.JSON': 'json',
  'apiextensions.JSONSchemaPropsOrArray': 'schemaOrList',
  'apiextensions.JSONSchemaPropsOrBool': 'schemaOrBool',
  'apiextensions.JSONSchemaPropsOrStringArray': 'schemaOrStrings',
  'authentication.ExtraValue': 'strings',
  'authorization.ExtraValue': 'strings',
}
const scalars: Readonly<Record<string, string>> = {
  bool: 'bool',
  float64: 'double',
  int32: 'int',
  int64: 'int',
  string: 'string',
  '[]byte': 'bytes',
}

interface Declared {
  /** The type of a type that is no struct. */
  readonly of?: string
  /** Lines of a struct. */
  readonly lines?: readonly string[]
  readonly imports: ReadonlyMap<string, string>
}

const groups = new Map(Object.entries(packages).map(([group, path]) => [path, group]))
const declared = new Map<string, Declared>()
const tables = new Map<string, string>()

async function readPackage(group: string, path: string): Promise<void> {
  const module = path.split('/').slice(0, 2).join('/')
  const { stdout } = await execa('go', ['mod', 'download', '-json', `${module}@${release}`])
  const { Dir } = JSON.parse(stdout) as { Dir: string }
  const folder = join(Dir, path.slice(module.length))
  for (const file of await readdir(folder)) {
    if (/^(?!zz_|generated).*(?<!_test)\.go$/.test(file)) {
      readDeclarations(group, await readFile(join(folder, file), 'utf8'))
    }
  }
}

function readDeclarations(group: string, source: string): void {
  const imports = new Map<string, string>()
  for (const [, alias, path = ''] of source.matchAll(/^\s+(?:(\w+) )?"([\w./-]+)"$/gm)) {
    imports.set(alias ?? path.slice(path.lastIndexOf('/') + 1), path)
  }
  for (const [, name = '', body = ''] of source.matchAll(/^type (\w+) struct ?\{(?:\}|\n(.*?)^\})/gms)) {
    declared.set(`${group}.${name}`, { lines: body.split('\n'), imports })
  }
  for (const [, name = '', of = ''] of source.matchAll(/^type (\w+) =? ?([\w.[\]]+)$/gm)) {
    declared.set(`${group}.${name}`, { of, imports })
  }
}

/** `core.Pod`, or the import path in place of the group where that is none of {@link packages}. */
function qualified(type: string, group: string, imports: ReadonlyMap<string, string>): string {
  const [scope = '', name] = type.split('.')
  if (name === undefined) return `${group}.${type}`
  const path = imports.get(scope) ?? scope
  return `${groups.get(path) ?? path}.${name}`
}

/** A Go type in the tables' words, seen from `group`. */
function shape(type: string, group: string, imports: ReadonlyMap<string, string>): string {
  const scalar = scalars[type]
  if (scalar !== undefined) return scalar
  if (type.startsWith('*')) return `${shape(type.slice(1), group, imports)}*`
  if (type.startsWith('[]')) return `${shape(type.slice(2), group, imports)}[]`
  const value = /^map\[[\w.]+\](.+)$/.exec(type)?.[1]
  if (value !== undefined) return `${shape(value, group, imports)}{}`
  const name = qualified(type, group, imports)
  if (special[name] !== undefined) return special[name]
  const found = declared.get(name)
  if (found === undefined) throw new Error(`no type ${type} as seen from ${group}`)
  const home = name.slice(0, name.indexOf('.'))
  if (found.of !== undefined) return shape(found.of, home, found.imports)
  add(name)
  return home === group ? name.slice(home.length + 1) : name
}

function add(name: string): void {
  if (tables.has(name)) return
  tables.set(name, '')
  const { lines = [], imports = new Map() } = declared.get(name) ?? {}
  const group = name.slice(0, name.indexOf('.'))
  tables.set(name, lines.flatMap((line) => field(line, group, imports) ?? []).join(' '))
}

/** `3:name:type`, with a mark for a zero value that Go writes; nothing for a line that is no protobuf field. */
function field(line: string, group: string, imports: ReadonlyMap<string, string>): string | undefined {
  const [, type, tags = ''] = /^\t(?:\w+\s+)?(\S+)\s+`(.*)`/.exec(line) ?? []
  const number = /protobuf:"\w+,(\d+)/.exec(tags)?.[1]
  if (type === undefined || number === undefined) return undefined
  const [name = '', ...options] = (/json:"([^"]*)"/.exec(tags)?.[1] ?? '').split(',')
  const shaped = shape(type, group, imports)
  // Go takes no struct for empty, so `omitempty` leaves none out.
  const isStruct = !/[*\]}]$/.test(shaped) && !Object.values(scalars).includes(shaped)
  const leavesOut = options.includes('omitzero') || (options.includes('omitempty') && !isStruct)
  return `${number}:${name}:${shaped}${leavesOut ? '' : '!'}`
}

for (const [group, path] of Object.entries(packages)) await readPackage(group, path)
for (const [group, kinds] of Object.entries(roots))
  for (const kind of kinds.split(' ')) add(`${group}.${kind}`)

const text = Object.keys(packages).map((group) => {
  const names = [...tables.keys()].filter((name) => name.startsWith(`${group}.`)).toSorted()
  const lines = names.map((name) => `    ${name.slice(group.length + 1)}: '${tables.get(name) ?? ''}',\n`)
  return `  ${group}: {\n${lines.join('')}  },\n`
})
const head = `/**
 * Messages of the Kubernetes API by group, one line a message, as \`number:jsonName:type\`; no name where Go has the fields of a
 * message inline. After a type \`[]\` is a list, \`{}\` a map by string, \`*\` a pointer, which knows unset from zero, and \`!\` a
 * field that Go writes to JSON even when it is zero. Written by ci/message-tables.ts from release ${release.replace('v0', '1')}.
 */
`
await writeFile(
  new URL('../src/embedded/apiserver/protobuf/message-tables.ts', import.meta.url),
  `${head}export const messageTables: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${text.join('')}}\n`,
)
