import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { partVersions } from '../../src/clusters/parts.ts'
import { deviations } from './deviations.ts'

/** Cases that the reference of the Kubernetes API numbers; those above are of our own finding. */
const numbered = 60
const real = `kube-apiserver ${partVersions.kubernetes}`

interface Specs {
  readonly agree: number
  readonly of: number
}

/** Ends the run with what was compared, and how much of it was equal. */
export default class Figures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const from = (file: string): TestCase[] => tests.filter(({ module }) => module.moduleId.endsWith(file))
    const cases = from('/apiserver.test.ts')
    const lines = [
      ...(cases.length === 0 ? [] : casesLines(cases)),
      ...specsLines(from('/specs.test.ts')),
      ...kubectlLines(from('/kubectl.test.ts')),
    ]
    console.log(`\n${lines.join('\n')}`)
  }
}

const passes = (test: TestCase): boolean => test.result().state === 'passed'

function casesLines(tests: readonly TestCase[]): string[] {
  const on = (server: string, suite: string): string => {
    const own = tests.filter(({ parent }) => parent.type === 'suite' && parent.name.endsWith(suite))
    const byNumber = Map.groupBy(own, ({ name }) => Number(/\d+/.exec(name)?.[0]))
    const equal = [...byNumber].filter(([, group]) => group.every(passes)).map(([number]) => number)
    const count = (numbers: Iterable<number>, isOurs: boolean): number =>
      [...numbers].filter((number) => number > numbered === isOurs).length
    const figure = (isOurs: boolean): string => `${count(equal, isOurs)} of ${count(byNumber.keys(), isOurs)}`
    return `${figure(false)} cases equal on ${server} and ${figure(true)} of our own finding`
  }
  return [`conformance: ${on('embedded', 'embedded')}, ${on(real, 'a real server')}`]
}

function specsLines(tests: readonly TestCase[]): string[] {
  const figures = tests.flatMap((test) => (test.meta() as { specs?: Specs }).specs ?? [])
  if (tests.length === 0) return []
  const sum = (key: keyof Specs): number => figures.reduce((all, each) => all + each[key], 0)
  return [`specs: ${sum('agree')} of ${sum('of')} agree on embedded and ${real}`]
}

function kubectlLines(tests: readonly TestCase[]): string[] {
  if (tests.length === 0) return []
  const byDesign = tests.filter(({ name }) =>
    deviations.some(({ line }) => name.endsWith(` kubectl ${line}`)),
  )
  const others = tests.filter((test) => !byDesign.includes(test))
  return [
    `kubectl: ${others.filter(passes).length} of ${others.length} rows equal on both servers, ${byDesign.length} more differ by design`,
    ...deviations.map(({ line, reason }) => `  kubectl ${line}: ${reason}`),
  ]
}
