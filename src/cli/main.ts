#!/usr/bin/env node
// This file runs on whatever node finds it: nothing may be imported, and no newer syntax used, before the check.
var major = Number(process.versions.node.split('.')[0])

if (major < 24) {
  console.error(
    'seitask: needs Node 24 or newer, this is ' +
      process.versions.node +
      '. Fix: install Node 24, then run seitask again.',
  )
  process.exitCode = 64
} else {
  import('./run.ts')
    .then(function (cli) {
      return cli.runCli(process.argv.slice(2))
    })
    .then(function (code) {
      process.exitCode = code
      return code
    })
}
