import './contract/node-version.ts'
export { SeiReporter as default, SeiReporter } from './runner/reporter.ts'
