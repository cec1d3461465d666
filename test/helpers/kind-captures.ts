import { readFileSync } from 'node:fs'

import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { SeiNodeTaskStatus } from '../../src/contract/crds/head/seinodetask.ts'
import type { KubeObject, Pod, Service, StatefulSet } from '../../src/contract/objects.ts'

const folder = new URL('../captures/kind/', import.meta.url)

export interface OneValidator {
  readonly network: SeiNetwork
  readonly networkUpToDate: SeiNetwork
  readonly node: SeiNode
  readonly nodeUpToDate: SeiNode
  readonly statefulSet: StatefulSet
  readonly service: Service
  readonly internalService: Service
  readonly configMap: KubeObject & { data: Record<string, string> }
  readonly claim: KubeObject & { spec: Record<string, unknown> }
  readonly pod: Pod
}

export interface Follower {
  readonly node: SeiNode
  readonly nodeRunning: SeiNode
  readonly nodeUpdating: SeiNode
  readonly statefulSet: StatefulSet
}

export function oneValidator(): OneValidator {
  return JSON.parse(text('one-validator.json')) as OneValidator
}

export function follower(): Follower {
  return JSON.parse(text('follower.json')) as Follower
}

/** Every status that a recorded task had, oldest first. */
export function taskStatuses(name: string): readonly SeiNodeTaskStatus[] {
  const tasks = JSON.parse(text('tasks.json')) as Record<string, { statuses: SeiNodeTaskStatus[] }>
  const found = tasks[name]
  if (found === undefined) throw new Error(`no recorded task ${name}`)
  return found.statuses
}

export type TimelineName = 'one' | 'four' | 'pause' | 'pod-delete' | 'update-image'

export interface TimelineEntry {
  readonly kind: 'NET' | 'NODE' | 'STS' | 'EVENT'
  readonly name: string
  readonly text: string
}

/** A recorded timeline, in order and without its times. */
export function timeline(name: TimelineName): TimelineEntry[] {
  return text(`timeline-${name}.txt`)
    .trim()
    .split('\n')
    .map((line) => {
      const match = /^\s*[\d.]+ (NET|NODE|STS|EVENT)(?: (\S+))?: (.*)$/.exec(line)
      if (match === null) throw new Error(`not a timeline entry: ${line}`)
      const [, kind = '', name = '', text = ''] = match
      return { kind: kind as TimelineEntry['kind'], name, text }
    })
}

function text(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
}
