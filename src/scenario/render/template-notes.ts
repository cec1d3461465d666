import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { annotations } from '../../contract/labels.ts'

/** What the author of a scenario noted on a template. */
export interface TemplateNotes {
  readonly finalizer: boolean
  readonly log?: 'large' | 'small' | undefined
}

interface Annotated {
  annotations?: Record<string, string>
  metadata?: { annotations?: Record<string, string> }
}

/** Reads the annotations of a template, which the CRD does not have: as `annotations`, or as `metadata.annotations`. */
export function notesOf(template: WorkflowTemplate): TemplateNotes {
  const { annotations: own, metadata } = template as Annotated
  const all: Record<string, string> = { ...metadata?.annotations, ...own }
  const log = all[annotations.log]
  return {
    finalizer: all[annotations.finally] === 'true',
    log: log === 'large' || log === 'small' ? log : undefined,
  }
}

/** The template as a cluster may have it. */
export function withoutNotes(template: WorkflowTemplate): WorkflowTemplate {
  const {
    annotations: _own,
    metadata: _metadata,
    ...rest
  } = structuredClone(template) as WorkflowTemplate & Annotated
  return rest
}
