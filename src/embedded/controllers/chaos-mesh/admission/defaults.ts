import { chaosFields } from '../../../../contract/crds/chaos-mesh/template-types.ts'
import { isRecord } from '../../../apiserver/object.ts'

type Fields = Readonly<Record<string, unknown>>

/** The spec of a fault with what Chaos Mesh fills in; itself where that is nothing. */
export function defaultedFault(kind: string, spec: Fields, namespace: string): Fields {
  const { target } = spec
  const common = {
    ...withNamespace(spec, namespace),
    ...(isRecord(target) ? { target: withNamespace(target, namespace) } : {}),
  }
  switch (kind) {
    case 'NetworkChaos':
      return { direction: 'to', ...common, ...parameters(spec) }
    case 'TimeChaos': {
      const { clockIds } = spec
      const isSet = Array.isArray(clockIds) && clockIds.length > 0
      return isSet ? common : { ...common, clockIds: ['CLOCK_REALTIME'] }
    }
    default:
      return common
  }
}

function withNamespace(holder: Fields, namespace: string): Fields {
  const { selector } = holder
  if (!isRecord(selector)) return holder
  const { namespaces } = selector
  if (Array.isArray(namespaces) && namespaces.length > 0) return holder
  return { ...holder, selector: { ...selector, namespaces: [namespace] } }
}

const correlated = ['delay', 'loss', 'duplicate', 'corrupt'] as const

function parameters(spec: Fields): Fields {
  const filled: Record<string, unknown> = {}
  for (const name of correlated) {
    const value = spec[name]
    if (!isRecord(value)) continue
    const { reorder } = value
    filled[name] = {
      correlation: '0',
      ...(name === 'delay' ? { jitter: '0ms' } : {}),
      ...value,
      ...(isRecord(reorder) ? { reorder: { correlation: '0', ...reorder } } : {}),
    }
  }
  return filled
}

const kinds = Object.entries(chaosFields)

/** Whatever faults a template or a schedule holds, with what is filled in. */
function defaultedFaults(holder: Fields, namespace: string): Fields {
  const filled = kinds.flatMap(([kind, field]) => {
    const spec = holder[field]
    return isRecord(spec) ? [[field, defaultedFault(kind, spec, namespace)] as const] : []
  })
  return { ...holder, ...Object.fromEntries(filled) }
}

export function defaultedWorkflow(spec: Fields, namespace: string): Fields {
  const { templates } = spec
  if (!Array.isArray(templates)) return spec
  return {
    ...spec,
    templates: templates.map((template: unknown) => {
      if (!isRecord(template)) return template
      const { schedule, statusCheck, task } = template
      return {
        ...defaultedFaults(template, namespace),
        ...(isRecord(task) ? { task: defaultedTask(task) } : {}),
        ...(isRecord(statusCheck) ? { statusCheck: defaultedStatusCheck(statusCheck) } : {}),
        ...(isRecord(schedule) ? { schedule: defaultedFaults(schedule, namespace) } : {}),
      }
    }),
  }
}

/** Go writes what a container asks for even where that is nothing. */
function defaultedTask(task: Fields): Fields {
  const { container } = task
  return isRecord(container) ? { ...task, container: { resources: {}, ...container } } : task
}

/** Of a Schedule nothing but its policy is filled in: its faults are when they are made. */
export function defaultedSchedule(spec: Fields): Fields {
  return { concurrencyPolicy: 'Forbid', ...spec }
}

export function defaultedStatusCheck(spec: Fields): Fields {
  return { mode: 'Synchronous', ...spec }
}
