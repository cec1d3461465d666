import { rmSync } from 'node:fs'
import {
  startControllerManager,
  type ControlPlaneReady,
  type ControlPlaneStart,
} from '../../contract/embedded.ts'
import { startControlPlane, type ControlPlane } from './control-plane.ts'
import { startGuardian, type Guardian } from './guardian.ts'
import { errorText } from '../../errors/error-text.ts'

/**
 * The process that etcd, kube-apiserver and kube-controller-manager live and die with:
 * `node main.js '{"programs":"/folder","stateDir":"/tmp/x"}'`. Says so in one line of JSON on stdout once the API server is
 * ready. Ends on SIGTERM, when the process that forked it is gone, and when one of the three is; etcd, left alone, would
 * live on for good, so that a guardian ends the three where this process is killed.
 */
async function main(): Promise<void> {
  const start = JSON.parse(process.argv[2] ?? '{}') as ControlPlaneStart
  const guardian = startGuardian(start.stateDir)
  const plane = startControlPlane(start)
  let ending: Promise<void> | undefined
  const end = (code: number): void => {
    ending ??= endAll(plane, guardian, start, code)
  }
  process.on('disconnect', () => end(0))
  process.on('SIGTERM', () => end(0))
  // At the terminal they mean the process that forked this one, which then says when it is time.
  for (const name of ['SIGINT', 'SIGHUP']) process.on(name, () => undefined)
  process.on('message', (message) => {
    if (message !== startControllerManager) return
    plane.manage().catch((error: unknown) => fail(error, end))
  })
  try {
    const door = await plane.ready
    const ready: ControlPlaneReady = { ...door, pid: process.pid }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    fail(await plane.lost, end)
  } catch (error) {
    fail(error, end)
  }
}

function fail(error: unknown, end: (code: number) => void): void {
  console.error(errorText(error))
  end(1)
}

async function endAll(
  plane: ControlPlane,
  guardian: Guardian,
  { stateDir }: ControlPlaneStart,
  code: number,
): Promise<void> {
  try {
    await plane.close()
  } finally {
    rmSync(stateDir, { force: true, recursive: true, maxRetries: 5 })
    await guardian.dismiss()
    process.exit(code)
  }
}

await main()
