import { test } from 'vitest'
import { expectCutStart, expectEnd, expectUnwinding, signalCases } from '../helpers/signals.ts'
import { envtest } from './environment.ts'

test.for(signalCases)('behavior: $signal $moment unwinds everything', (each) =>
  expectUnwinding(each, envtest),
)

test('behavior: a second signal ends the process at once, and etcd and kube-apiserver with it', () =>
  expectEnd(['SIGINT', 'SIGTERM'], 130, envtest))

test('behavior: with SIGKILL etcd and kube-apiserver die too', () =>
  expectEnd(['SIGKILL'], undefined, envtest))

test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'behavior: %s while kube-apiserver starts leaves no process and no data',
  (signal) => expectCutStart(signal, 'etcd/member', envtest),
)
