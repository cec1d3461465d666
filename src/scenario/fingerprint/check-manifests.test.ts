import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { isPlainObject } from '../../contract/checks.ts'
import { callerGrants, taskGrant } from '../../contract/scenario-rights.ts'
import { checkManifests, type YamlFile, type RunFlags } from './check-manifests.ts'
import { scheduledRuns } from './cronjob-file.ts'

const folder = join(import.meta.dirname, '../../../ci/manifests')
const scenarios = ['load-test', 'major-upgrade', 'release-test']

function read(name: string): YamlFile {
  return { path: name, documents: documentsOf(readFileSync(join(folder, name), 'utf8')) }
}

function documentsOf(text: string): unknown[] {
  return [...parseAllDocuments(text)].map((document) => document.toJS() as unknown)
}

/** As the command reads them; that it does is what the test of the command shows. */
function parse(args: readonly string[]): { ok: true; value: RunFlags } {
  const pairs = args.map((arg): [string, string] => {
    const [, name = '', value = ''] = /^--([a-z-]+)=(.*)$/s.exec(arg) ?? []
    return [name, value]
  })
  const one = (name: string): string | undefined => pairs.find(([key]) => key === name)?.[1]
  const vars = pairs
    .filter(([key]) => key === 'var')
    .map(([, pair]): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    })
  return {
    ok: true,
    value: {
      vars: Object.fromEntries(vars),
      scenarioRef: one('scenario-ref'),
      controllerImage: one('controller-image'),
    },
  }
}

test('default: the roles of ci/manifests are what the contract says', () => {
  const { role, binding } = taskGrant('nightly')
  expect(read('task-rbac.yaml').documents).toEqual([role, binding])
  expect(read('caller-rbac.yaml').documents).toEqual(callerGrants('nightly'))
})

test('default: each scenario has its CronJob, and it agrees with the roles', () => {
  expect(globSync('*.cronjob.yaml', { cwd: folder }).toSorted()).toEqual(
    scenarios.map((name) => `${name}.cronjob.yaml`),
  )
  for (const name of scenarios)
    for (const rbac of ['task-rbac.yaml', 'caller-rbac.yaml'])
      expect(checkManifests({ rbac: read(rbac), cronjob: read(`${name}.cronjob.yaml`), parse })).toEqual([])
})

test('default: no manifest has a shell in it, only workflow-run and typed flags', () => {
  for (const name of globSync('**/*.yaml', { cwd: folder })) {
    const text = readFileSync(join(folder, name), 'utf8')
    expect(text).not.toMatch(/\b(bash|sh|ash|busybox|curl|kubectl|envsubst)\b(?! apply)/)
    for (const { command, args } of scheduledRuns(documentsOf(text))) {
      expect(command).toEqual([])
      expect(args[0]).toBe('workflow-run')
      for (const arg of args.slice(1)) expect(arg).toMatch(/^--[a-z-]+=[^$`;|&<>\s]+$/)
    }
  }
})

test.for([
  ['scenario-ref', /--scenario-ref=\S+/, '--scenario-ref=main', 'the scenario of main'],
  ['a ref that is not said', /\n +- --scenario-ref=\S+/, '', 'the ref of the scenario is not said'],
  ['controller', /sei-k8s-controller:\S+/, 'sei-k8s-controller:v1', 'the controller is'],
  ['no controller', /\n +- --controller-image=\S+/, '', 'the image of the controller is not said'],
  ['own image', /image: (\S+):\S+/, 'image: $1:latest', 'workflow-run itself of latest'],
  ['no image of steps', /\n +- --var=SEITASK_IMAGE=\S+/, '', 'the image of the steps is not said'],
  ['an image without tag', /(SEITASK_IMAGE=[^:\s]+):\S+/, '$1', 'the tag of SEITASK_IMAGE is not said'],
  ['another command', /- workflow-run/, '- supervise', 'it runs supervise'],
  ['a shell', /args:/, 'command: [/bin/sh, -c]\n              args:', 'it runs /bin/sh -c'],
  ['no container', /kind: CronJob/, 'kind: Deployment', 'there is no container'],
] as const)('error: a CronJob whose %s is wrong is refused', ([, from, to, expected]) => {
  const text = readFileSync(join(folder, 'release-test.cronjob.yaml'), 'utf8')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  const problems = checkManifests({ cronjob: { path: 'cron.yaml', documents: documentsOf(changed) }, parse })
  expect(problems.map(({ what }) => what).join('\n')).toContain(expected)
  for (const { where } of problems) expect(where).toContain('cron.yaml')
})

test('behavior: upstream images are compared by tag alone', () => {
  const of = (tag: string): string =>
    readFileSync(join(folder, 'load-test.cronjob.yaml'), 'utf8')
      .replaceAll(/SEITASK_IMAGE=\S+/g, 'SEITASK_IMAGE=ecr/sei/seitask-runner:abc')
      .replace(/--scenario-ref=\S+/, '--scenario-ref=abc')
      .replace(/sei-k8s-controller:\S+/, `sei-k8s-controller:${tag}`)
  const check = (tag: string): number =>
    checkManifests({ cronjob: { path: 'cron.yaml', documents: documentsOf(of(tag)) }, parse }).length
  expect([check('abc'), check('abd'), check('2d670ad80697a4f052212930dee53c70050504f4')]).toEqual([0, 1, 1])
})

test.for([
  ['task-rbac.yaml', 'seinodes', 'create', 'default may not create seinodes.sei.io'],
  ['task-rbac.yaml', 'secrets', 'get', 'default may not get secrets'],
  ['caller-rbac.yaml', 'workflows', 'patch', 'workflow-run may not patch workflows.chaos-mesh.org'],
  ['caller-rbac.yaml', 'pods/log', 'get', 'workflow-run may not get pods/log'],
] as const)('error: %s without the right to %s is refused: %s', ([file, resource, verb, expected]) => {
  const { documents } = read(file)
  for (const document of documents) {
    if (!isPlainObject(document) || !Array.isArray(document['rules'])) continue
    for (const rule of document['rules'] as { resources: string[]; verbs: string[] }[])
      if (rule.resources.includes(resource)) rule.verbs = rule.verbs.filter((granted) => granted !== verb)
  }
  const cronjob = read('release-test.cronjob.yaml')
  const problems = checkManifests({ rbac: { path: file, documents }, cronjob, parse })
  expect(problems.map(({ what }) => what)).toEqual([`the account ${expected}`])
})

test('behavior: rules that no binding gives to an account have to cover everybody; wildcards do', () => {
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
  const role = { kind: 'Role', metadata: { name: 'x' }, rules }
  expect(checkManifests({ rbac: { path: 'r.yaml', documents: [role] }, parse })).toEqual([])
  const named = { ...role, rules: [{ ...rules[0], resourceNames: ['only-this'] }] }
  expect(checkManifests({ rbac: { path: 'r.yaml', documents: [named] }, parse })).toHaveLength(2)
})
