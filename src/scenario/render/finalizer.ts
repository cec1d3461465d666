import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { nextOf } from './check-graph.ts'
import type { Refuse } from './guard.ts'
import { notesOf } from './template-notes.ts'

/** What runs at the end, however the run ended. */
export interface Finalizer {
  readonly name: string
  /** The author's own branches lead to it, so that rendering leaves its place alone. */
  readonly placed: boolean
}

/** The template annotated `sei.io/finally: "true"`, else the last child of the entry, where it runs `upload-report`. */
export function finalizerOf(
  entryName: string,
  templates: readonly WorkflowTemplate[],
  refuse: Refuse,
): Finalizer | undefined {
  const entry = templates.find(({ name }) => name === entryName)
  const [annotated, second] = templates.filter((template) => notesOf(template).finalizer)
  if (second !== undefined)
    refuse(
      second.name,
      'it is a second finalizer',
      'one finalizer; a Serial where several steps belong to it',
    )
  const last = entry?.templateType === 'Serial' ? entry.children?.at(-1) : undefined
  const name = annotated?.name ?? templates.find((one) => one.name === last && uploadsReport(one))?.name
  if (name === undefined) return undefined
  const users = templates.filter((template) => nextOf(template).includes(name))
  const byBranch = users.filter(({ templateType }) => templateType === 'Task')
  const byOthers = users.filter((user) => user !== entry && user.templateType !== 'Task')
  const [stranger] = byOthers
  if (stranger !== undefined || name === entryName)
    refuse(
      name,
      `a finalizer cannot be ${stranger === undefined ? 'the entry' : `a child of ${stranger.name}`}`,
      'a child of the entry, or of no template',
    )
  const placed = byBranch.length > 0
  const isChild = entry?.children?.includes(name) === true
  if (placed && isChild)
    refuse(
      name,
      `it would run twice: as a child of ${entryName} and after ${byBranch[0]?.name ?? ''}`,
      'one of both',
    )
  if (!placed && entry?.templateType !== 'Serial')
    refuse(
      name,
      `no finalizer can follow an entry of type ${entry?.templateType ?? ''}`,
      'an entry of type Serial',
    )
  return { name, placed }
}

function uploadsReport({ task }: WorkflowTemplate): boolean {
  const { command = [], args = [] } = task?.container ?? {}
  return [...command, ...args].includes('upload-report')
}
