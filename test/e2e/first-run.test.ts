import { test } from 'vitest'
import { expectFirstRun } from '../helpers/first-run.ts'

test('default: the config and test of the README pass on a fresh install', () =>
  expectFirstRun('mode embedded, simulated (from default)'))
