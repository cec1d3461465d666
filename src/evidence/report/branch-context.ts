import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import type { Redactor } from '../redact.ts'

/** How much of a branching step's log stays in the tree of nodes: its end. All of it is in the evidence, as the pod's log. */
export const contextBytes = 4_096

/** A copy of the node whose context, which holds the whole log of the step, is redacted first and cut then. */
export function withCutContext(node: WorkflowNode, redactor: Redactor): WorkflowNode {
  const context = node.status?.conditionalBranchesStatus?.context
  if (context === undefined) return node
  const cut = context.map((one) => cutContext(one, redactor))
  return {
    ...node,
    status: {
      ...node.status,
      conditionalBranchesStatus: { ...node.status?.conditionalBranchesStatus, context: cut },
    },
  }
}

/** In this order: half of a secret is one that nobody recognises. */
function cutContext(context: string, redactor: Redactor): string {
  const parsed = parse(context)
  if (parsed === undefined) return cut(redactor.text(context))
  const { stdout, ...others } = parsed
  return JSON.stringify({
    ...(redactor.data(others) as object),
    ...(typeof stdout === 'string' ? { stdout: cut(redactor.text(stdout)) } : {}),
  })
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.byteLength <= contextBytes) return text
  const kept = bytes.subarray(bytes.byteLength - contextBytes).toString('utf8')
  return `[${bytes.byteLength - contextBytes} bytes cut]\n${kept.replace(/^\uFFFD+/, '')}`
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
