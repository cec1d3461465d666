import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerJson, startServer } from '../../test/helpers/http-server.ts'
import { pods } from '../contract/kinds.ts'
import { connect } from './client.ts'
import { loadConnection, type LoadedConnection, type LoadOptions } from './kubeconfig.ts'

const run = promisify(execFile)

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kubeconfig test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  return path
}

interface Shape {
  readonly server?: string
  readonly name?: string
  readonly user?: object
  readonly cluster?: object
  readonly current?: string
}

/** JSON is YAML: what a test needs to vary is easier to write this way. */
function kubeconfig({
  server = 'https://127.0.0.1:1',
  name = 'dev',
  user,
  cluster,
  current,
}: Shape = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user: user ?? { token: `token of ${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'of-the-context' } }],
    'current-context': current ?? name,
  })
}

function load(options: Partial<LoadOptions>): Promise<LoadedConnection> {
  return loadConnection({ env: {}, serviceAccountFolder: '/nonexistent', ...options })
}

describe('where from', () => {
  test('default: the embedded cluster’s kubeconfig, without the library for plugins', async () => {
    const text = `apiVersion: v1
kind: Config
clusters:
  - name: embedded
    cluster:
      server: https://127.0.0.1:6443
      certificate-authority-data: ${Buffer.from('the CA').toString('base64')}
users:
  - name: kubernetes-admin
    user:
      token: secret
contexts:
  - name: embedded
    context: { cluster: embedded, user: kubernetes-admin, namespace: other }
current-context: embedded
`
    const path = join(await folder({ config: text }), 'config')
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) })
      const { loadConnection } = await import(${JSON.stringify(new URL('./kubeconfig.ts', import.meta.url))})
      const found = await loadConnection({ kubeconfigPath: ${JSON.stringify(path)}, env: {} })
      console.log(JSON.stringify({ found, plugins: loaded.includes('@kubernetes/client-node') }))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(JSON.parse(stdout)).toEqual({
      found: {
        server: 'https://127.0.0.1:6443',
        ca: 'the CA',
        token: 'secret',
        skipTlsVerify: false,
        namespace: 'default',
        context: 'embedded',
        source: path,
      },
      plugins: false,
    })
  })

  test('behavior: path, then KUBECONFIG, then the pod, then the home folder', async () => {
    const home = await folder({})
    await mkdir(join(home, '.kube'))
    await writeFile(join(home, '.kube', 'config'), kubeconfig({ name: 'home' }))
    const files = await folder({ a: kubeconfig({ name: 'a' }), b: kubeconfig({ name: 'b' }) })
    const serviceAccountFolder = await folder({ token: 'pod token\n', 'ca.crt': 'CA', namespace: 'ns' })
    const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }
    const env = { HOME: home, KUBECONFIG: join(files, 'b'), ...pod }
    const kubeconfigPath = join(files, 'a')
    expect(await load({ kubeconfigPath, env, serviceAccountFolder })).toMatchObject({ context: 'a' })
    expect(await load({ env, serviceAccountFolder })).toMatchObject({ context: 'b' })
    expect(await load({ env: { HOME: home, ...pod }, serviceAccountFolder })).toMatchObject({
      source: 'in-cluster',
      server: 'https://10.0.0.1:443',
      token: 'pod token',
      ca: 'CA',
    })
    expect(await load({ env: { HOME: home } })).toMatchObject({ context: 'home' })
  })

  test('behavior: of several files in KUBECONFIG the first to name something wins', async () => {
    const path = await folder({
      a: kubeconfig({ name: 'shared', server: 'https://first' }),
      b: kubeconfig({ name: 'shared', server: 'https://second', current: 'other' }),
      c: kubeconfig({ name: 'other', server: 'https://third' }),
    })
    const KUBECONFIG = ['a', 'missing', 'b', 'c'].map((name) => join(path, name)).join(':')
    expect(await load({ env: { KUBECONFIG } })).toMatchObject({ server: 'https://first', context: 'shared' })
    expect(await load({ env: { KUBECONFIG }, context: 'other' })).toMatchObject({
      server: 'https://third',
      token: 'token of other',
    })
  })

  test.for([
    ['explicit', { namespace: 'mine' }, 'mine'],
    ['POD_NAMESPACE', {}, 'from-env'],
  ] as const)('behavior: namespace: %s', async ([, options, expected]) => {
    const kubeconfigPath = join(await folder({ a: kubeconfig() }), 'a')
    const env = { POD_NAMESPACE: 'from-env' }
    expect((await load({ kubeconfigPath, env, ...options })).namespace).toBe(expected)
  })

  test('behavior: namespace: the service account’s, trimmed, else default, never the context’s', async () => {
    const kubeconfigPath = join(await folder({ a: kubeconfig() }), 'a')
    const serviceAccountFolder = await folder({ namespace: ' from-file\n' })
    expect((await load({ kubeconfigPath, serviceAccountFolder })).namespace).toBe('from-file')
    expect((await load({ kubeconfigPath })).namespace).toBe('default')
  })
})

describe('credentials', () => {
  test('behavior: a plugin’s token is renewed once after a 401', async () => {
    const path = await folder({})
    const plugin = `
      const { appendFileSync, readFileSync } = require('node:fs')
      appendFileSync(${JSON.stringify(join(path, 'calls'))}, 'x')
      const token = readFileSync(${JSON.stringify(join(path, 'calls'))}, 'utf8')
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }))`
    await using server = await startServer((seen, response) => {
      if (seen.headers.authorization !== 'Bearer xx') return answerJson(response, 401, {})
      answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] })
    })
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', plugin],
    }
    const text = kubeconfig({
      server: server.url,
      user: { exec },
      cluster: { 'insecure-skip-tls-verify': true },
    })
    await writeFile(join(path, 'config'), text)
    const connection = await load({ kubeconfigPath: join(path, 'config') })
    expect(connection.token).toBe('x')
    const client = connect(connection)
    onTestFinished(() => client.close())
    await Promise.all([client.list(pods), client.list(pods)])
    await client.list(pods)
    const tokens = server.seen.map((seen) => seen.headers.authorization)
    expect(tokens).toEqual(['Bearer x', 'Bearer x', 'Bearer xx', 'Bearer xx', 'Bearer xx'])
  })

  test('behavior: a pod’s token is read anew when its time is up', async () => {
    const folderOfPod = await folder({ token: 'old', 'ca.crt': '', namespace: '' })
    await using server = await startServer((_, response) =>
      answerJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] }),
    )
    const env = { KUBERNETES_SERVICE_HOST: 'x' }
    const found = await load({ env, serviceAccountFolder: folderOfPod })
    await writeFile(join(folderOfPod, 'token'), 'new\n')
    const client = connect({ ...found, server: server.url, expiresAt: Date.now() })
    onTestFinished(() => client.close())
    await client.list(pods)
    expect(server.seen[0]?.headers.authorization).toBe('Bearer new')
  })

  test('behavior: certificates in files beside the kubeconfig are read', async () => {
    const user = { 'client-certificate': 'cert.pem', 'client-key': 'key.pem' }
    const text = kubeconfig({
      user,
      cluster: { 'certificate-authority': 'ca.pem', 'tls-server-name': 'api' },
    })
    const path = await folder({ config: text, 'cert.pem': 'CERT', 'key.pem': 'KEY', 'ca.pem': 'CA' })
    expect(await load({ kubeconfigPath: join(path, 'config') })).toMatchObject({
      clientCert: 'CERT',
      clientKey: 'KEY',
      ca: 'CA',
      serverName: 'api',
    })
  })

  test('error: a plugin that fails is named with its reason', async () => {
    const exec = { command: process.execPath, args: ['-e', 'console.error("log in first"); process.exit(1)'] }
    const kubeconfigPath = join(await folder({ config: kubeconfig({ user: { exec } }) }), 'config')
    await expect(load({ kubeconfigPath })).rejects.toMatchObject({
      code: 'CLUSTER_UNAVAILABLE',
      message: expect.stringContaining('no credentials for context dev: log in first'),
    })
  })
})

describe('mistakes', () => {
  test.for<[string, string, Partial<LoadOptions>, string]>([
    ['no file', '', { kubeconfigPath: '/nonexistent/config' }, 'no cluster is configured'],
    ['no YAML', 'a: [', {}, 'the kubeconfig cannot be parsed'],
    ['not a map', 'hello', {}, 'the kubeconfig cannot be parsed: it is no map'],
    ['an unknown context', kubeconfig(), { context: 'prod' }, 'context "prod" does not exist'],
    ['a proxy', kubeconfig({ cluster: { 'proxy-url': 'http://x' } }), {}, 'context dev uses proxy-url'],
  ])('error: %s', async ([, text, options, message]) => {
    const kubeconfigPath = join(await folder({ config: text }), 'config')
    await expect(load({ kubeconfigPath, ...options })).rejects.toMatchObject({
      class: 'usage',
      code: 'BAD_ENVIRONMENT',
      message: expect.stringContaining(message),
    })
  })
})
