import { execa } from 'execa'
import type { RunningVitest } from './project.ts'

/** Resolves to what was printed once it matches; rejects when the run ends without. */
export function printed(running: RunningVitest, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    running.all.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      if (pattern.test(output)) resolve(output)
    })
    running.all.on('end', () => reject(new Error(`ended without printing ${pattern}:\n${output}`)))
  })
}

/** The process of the embedded cluster that a run has said is ready. */
export async function clusterPid(output: string): Promise<number> {
  const [, folder] = /--kubeconfig (\S+)\/kubeconfig/.exec(output) ?? []
  if (folder === undefined) throw new Error(`no cluster is ready in:\n${output}`)
  const { stdout } = await execa('ps', ['-axo', 'pid=,args='])
  const line = stdout.split('\n').find((text) => text.includes(folder) && text.includes('/embedded/main.'))
  if (line === undefined) throw new Error(`no process has ${folder}`)
  return Number.parseInt(line, 10)
}
