import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defaults } from '../contract/defaults.ts'
import { showDuration } from '../contract/go-duration.ts'
import { shellWord } from '../contract/shell-word.ts'
import type { OptionSpecs } from './command.ts'
import { commands } from './commands.ts'
import { parseDuration, roughDuration } from './duration.ts'
import { renderCommandHelp } from './help.ts'
import { parseOptions } from './parse.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

async function seitask(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ exitCode?: number | undefined; stdout: string; stderr: string }> {
  return execa(process.execPath, [main, ...args], { reject: false, env })
}

describe('seitask', () => {
  test.for([
    [['clustre'], 'did you mean seitask cluster?'],
    [['uphill'], 'Expected one of up, down, status, env, advance, cluster, supervise, '],
    [['supervise', '--image', 'v7'], '"v7" is no pair'],
    [['supervise', '--image'], '"" is no pair'],
    [['supervise', '--image', 'v7='], 'the string is empty'],
    [['supervise', '--image', 'v7=a:1', '--image', 'v7=a:2'], 'v7 is given twice'],
    [['supervise', '--webhook', 'pager'], 'is not an HTTP URL'],
    [['supervise', '--images-from', 'Images'], 'is not the name of a ConfigMap'],
    [['supervise', '--linger', 'long'], 'a number and s, m or h'],
    [['cluster', '--rat', '5'], 'did you mean --rate?'],
    [['cluster', '--rate'], 'the value is missing'],
    [['cluster', '--image', 'sei/seiload'], '"sei/seiload" is no pair'],
    [['cluster', '--rate', 'fast'], 'a whole number, 1…1000'],
    [['cluster', '--block-ms=5'], 'a whole number, 10…60000'],
    [
      ['up', '--name', 'Not Mine'],
      'is not the name of a cluster. Expected the name of a cluster: lower-case',
    ],
    [['up', '--name', '../x'], 'is not the name of a cluster'],
    [['up', '--name'], 'Fix: write --name ci'],
    [['up', '--ttl', '8'], 'a number and s, m or h, 1s…168h. Fix: write --ttl 8h'],
    [['up', '--ttl', '9999h'], '1s…168h'],
    [['up', '--embedded', '--envtest'], 'a cluster has one API server'],
    [['up', '--validators', '2'], '--validators: two validators never start'],
    [['up', '--followers', '2'], 'Fix: write --validators 4 --followers 2'],
    [['up', '--validators', '1', '--followers', '1'], '--validators and --followers: one follower of one'],
    [['down', '--all'], 'unknown option --all'],
    [['workflow-run'], 'no scenario is named'],
    [['workflow-run', '--scenario', 'a', '--var', 'X'], '"X" is no pair'],
    [['workflow-run', '--scenario', 'a', '--allow-drift', 'all'], '"all" is not the name of a drift'],
    [['workflow-run', '--scenario', 'a', '--run-id', 'A B'], 'is not a run id'],
    [['doctor', '--json=1x'], 'it takes no value'],
    [['doctor', 'now'], 'unexpected argument "now"'],
    [['doctor', '-v'], 'unknown option -v'],
  ] as const)('error: %j ends with 64 and one line', async ([args, expected]) => {
    const { exitCode, stderr, stdout } = await seitask(args)
    expect({ exitCode, lines: stderr.split('\n').length, stdout }).toEqual({
      exitCode: 64,
      lines: 1,
      stdout: '',
    })
    expect(stderr).toContain(expected)
  })

  test('error: with --json a wrong argument is one JSON line on stdout', async () => {
    const { exitCode, stdout, stderr } = await seitask(['cluster', '--json', '--nope'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'error',
      class: 'usage',
      problems: [{ what: 'unknown option --nope', where: 'seitask cluster' }],
    })
  })

  test('error: an old Node is told so in one line before anything else is loaded', async () => {
    const pretend = "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })"
    const { exitCode, stderr } = await seitask(['doctor'], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(pretend)}`,
    })
    expect(exitCode).toBe(64)
    expect(stderr).toBe(
      'seitask: needs Node 24 or newer, this is 20.20.2. Fix: install Node 24, then run seitask again.',
    )
  })

  test('default: without a command the help is shown and the exit code says that nothing was asked', async () => {
    const { exitCode, stdout } = await seitask([])
    expect(exitCode).toBe(64)
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`${name} +${summary}`))
  })

  test('behavior: the help of a command comes from its table, defaults from the one place they are kept', async () => {
    const { exitCode, stdout } = await seitask(['cluster', '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`(default ${defaults.embeddedRate})`)
    expect(stdout).toContain(`(default ${defaults.embeddedBlockMs})`)
  })

  test('behavior: doctor reports everything it looked at, as JSON on demand', async () => {
    const { stdout, exitCode } = await seitask(['doctor', '--json'])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ event: 'doctor', ok: exitCode === 0 })
    expect(report.findings.map(({ name }: { name: string }) => name)).toEqual([
      'node',
      'loopback',
      'temporary folder',
      'kubectl',
    ])
  })

  test('behavior: a missing kubectl is a warning with its fix, not a failure', async () => {
    const { stdout, exitCode } = await seitask(['doctor'], { PATH: '/nowhere' })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^warning +kubectl: not on the PATH\. Fix: .*install kubectl/m)
  })

  test('error: a temporary folder that cannot be written to is a failure with its fix', async () => {
    const { stdout, exitCode } = await seitask(['doctor'], { TMPDIR: '/nowhere' })
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^failed +temporary folder: \/nowhere cannot be written to\. Fix: set TMPDIR/m)
  })
})

describe('named clusters', () => {
  test('error: env of a cluster that is not up prints nothing that a shell would read', async () => {
    const { exitCode, stdout, stderr } = await seitask(['env'], { XDG_STATE_HOME: '/nowhere' })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe('seitask env: cluster default is not up\n  hint: seitask up')
  })

  test('default: without clusters status says so and is content, unless one was asked for', async () => {
    const env = { XDG_STATE_HOME: '/nowhere' }
    expect(await seitask(['status'], env)).toMatchObject({ exitCode: 0, stdout: 'no cluster is up' })
    expect(await seitask(['status', '--name', 'x', '--json'], env)).toMatchObject({
      exitCode: 2,
      stdout: '{"event":"status","clusters":[]}',
    })
  })

  test.for(['plain', 'it\'s $HOME `x` "y" \\', '', 'two\nlines'])(
    'behavior: a shell reads the quoted %j as it is',
    async (text) => {
      const { stdout } = await execa('sh', ['-c', `printf %s ${shellWord(text)}`], {
        stripFinalNewline: false,
      })
      expect(stdout).toBe(text)
    },
  )

  test.for([
    ['90s', 90_000, '90s'],
    ['120s', 120_000, '2m'],
    ['8h', 28_800_000, '8h'],
    ['0s', 0, '0s'],
    ['5', undefined, ''],
    ['1.5h', undefined, ''],
    ['-1s', undefined, ''],
  ] as const)('behavior: %s is %s ms', ([text, ms, shown]) => {
    expect(parseDuration(text)).toBe(ms)
    if (ms !== undefined) expect(showDuration(ms)).toBe(shown)
  })

  test.for([
    [0, '0 s'],
    [59_600, '1 min'],
    [3_725_000, '1 h 2 min'],
    [3_605_000, '1 h'],
    [-5, '0 s'],
  ] as const)('behavior: %s ms read %s', ([ms, text]) => expect(roughDuration(ms)).toBe(text))
})

const initials: Readonly<Record<string, unknown>> = { flag: false, pairs: {}, list: [] }

describe('tables', () => {
  test('behavior: every option is in the help and has its default without arguments', () => {
    for (const command of commands) {
      const help = renderCommandHelp(command)
      const required = Object.entries(command.options).flatMap(([name, spec]) =>
        spec.type === 'text' && spec.required === true ? [`--${name}=${spec.example}`] : [],
      )
      const operands = command.operands?.map(({ value }) => value) ?? []
      const parsed = parseOptions([...operands, ...required], command)
      if (!parsed.ok) throw new Error('no arguments are no mistake')
      for (const [name, spec] of Object.entries(command.options)) {
        expect(help).toContain(`--${name}`)
        if (spec.type === 'text' && spec.required === true) continue
        const initial = initials[spec.type] ?? ('default' in spec ? spec.default : undefined)
        expect(parsed.value[name]).toEqual(initial)
      }
    }
  })
})

describe('options of steps', () => {
  const specs: OptionSpecs = {
    'key-name': {
      type: 'text',
      value: 'NAME',
      description: '',
      check: (value) => ({ ok: true, value: String(value) }),
      example: 'admin',
      default: 'admin',
      env: 'KEY_NAME',
      short: 'k',
    },
    role: {
      type: 'text',
      value: 'ROLE',
      description: '',
      check: (value) => ({ ok: true, value: String(value) }),
      example: 'rpc',
      default: undefined,
      env: 'ROLE',
      required: true,
    },
    replicas: { type: 'integer', value: 'N', description: '', minimum: 1, maximum: 9, default: 1, env: 'N' },
    timeout: {
      type: 'duration',
      go: true,
      value: 'TIME',
      description: '',
      minimum: 1,
      maximum: 9e6,
      default: 5e3,
    },
    step: {
      type: 'list',
      value: 'NAME',
      description: '',
      check: (value) => ({ ok: true, value: String(value) }),
      example: 'a',
    },
  }
  const parse = (args: readonly string[], env: Record<string, string> = {}): unknown => {
    const parsed = parseOptions(args, { name: 'step', options: specs }, env)
    return parsed.ok ? parsed.value : parsed.problems[0]
  }

  test('default: what is left out has its variable’s value, else its default', () => {
    expect(parse([], { ROLE: 'rpc' })).toMatchObject({
      'key-name': 'admin',
      role: 'rpc',
      replicas: 1,
      step: [],
    })
    expect(parse([], { ROLE: 'rpc', KEY_NAME: 'env', N: '3' })).toMatchObject({
      'key-name': 'env',
      replicas: 3,
    })
    expect(parse(['-k', 'own', '--role=x'], { KEY_NAME: 'env' })).toMatchObject({
      'key-name': 'own',
      role: 'x',
    })
    expect(parse(['--role', 'x'], { KEY_NAME: '' })).toMatchObject({ 'key-name': 'admin' })
  })

  test('behavior: a list has every value, a duration may be any of Go’s', () => {
    expect(parse(['--role=x', '--step=a', '--step', 'b', '--timeout=1h30m0.5s'])).toMatchObject({
      step: ['a', 'b'],
      timeout: 5_400_500,
    })
  })

  test.for([
    [[], {}, '--role', 'or set ROLE'],
    [['--role=x'], { N: '12' }, 'N', 'write N 1'],
    [['--role=x', '--timeout=5'], {}, '--timeout', 'write --timeout 5s'],
    [['--role=x', '--step'], {}, '--step', 'write --step a'],
  ] as const)('error: %j with %j', ([args, env, where, fix]) => {
    expect(parse(args, env)).toMatchObject({ where, fix: expect.stringContaining(fix) })
  })
})
