export { SeiReporter as default, SeiReporter } from './runner/reporter.ts'
