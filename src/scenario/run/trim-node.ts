import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import type { Redactor } from '../../evidence/redact.ts'

/** Of a branching Task's log, which lies in its node as a whole: enough to see how it ended. */
const keptCharacters = 4_096

/** A copy without secrets in the context of its branches, and with the end of a long log only. Redacted before it is cut. */
export function trimNode(node: WorkflowNode, redactor: Redactor): WorkflowNode {
  const { conditionalBranchesStatus, ...status } = node.status ?? {}
  const { managedFields: _, ...metadata } = node.metadata
  if (conditionalBranchesStatus?.context === undefined) return { ...node, metadata }
  const context = conditionalBranchesStatus.context.map((text) => trimContext(text, redactor))
  return {
    ...node,
    metadata,
    status: { ...status, conditionalBranchesStatus: { ...conditionalBranchesStatus, context } },
  }
}

function trimContext(text: string, redactor: Redactor): string {
  try {
    const { stdout = '', ...rest } = JSON.parse(text) as { stdout?: string }
    return JSON.stringify({ ...rest, stdout: cut(redactor.text(stdout)) })
  } catch {
    return cut(redactor.text(text))
  }
}

function cut(text: string): string {
  if (text.length <= keptCharacters) return text
  return `[${text.length - keptCharacters} characters left out]${text.slice(-keptCharacters)}`
}
