import { test } from 'vitest'
import { expectEnd, expectUnwinding, signalCases } from '../helpers/signals.ts'

test.for(signalCases)('behavior: $signal $moment unwinds everything', (each) => expectUnwinding(each))

test('behavior: a second signal ends the process at once, and the cluster with it', () =>
  expectEnd(['SIGINT', 'SIGTERM'], 130))

test('behavior: with SIGKILL the embedded cluster dies too', () => expectEnd(['SIGKILL'], undefined))
