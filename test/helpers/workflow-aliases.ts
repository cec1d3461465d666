import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import type { KubeEvent, KubeObject } from '../../src/contract/objects.ts'

/**
 * Gives the objects of a Workflow names that do not change from run to run: templates from the entry down, `e/par/a`, the
 * second of one template below one parent `a#2`; what a node makes is named after it.
 */
export function aliasesOf(
  nodes: readonly WorkflowNode[],
  events: readonly KubeEvent[],
): (text: string) => string {
  const created = events.flatMap(({ metadata }) => {
    const names = metadata.annotations?.['chaos-mesh.org/child-nodes']
    return names === undefined ? [] : (JSON.parse(names) as string[])
  })
  // Events tell the order of siblings; without them it is that of their names.
  const order = ({ metadata }: KubeObject): number => {
    const at = created.indexOf(metadata.name)
    return at < 0 ? created.length : at
  }
  const aliases = new Map<string, string>()
  const aliasOf = (node: WorkflowNode): string => {
    const known = aliases.get(node.metadata.name)
    if (known !== undefined) return known
    const parentName = node.metadata.labels?.[chaosMeshKeys.controlledBy] ?? ''
    const parent = nodes.find(({ metadata }) => metadata.name === parentName)
    const alike = nodes
      .filter(
        ({ metadata, spec }) =>
          metadata.labels?.[chaosMeshKeys.controlledBy] === parentName &&
          spec.templateName === node.spec.templateName,
      )
      .toSorted((a, b) => order(a) - order(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
    const at = alike.indexOf(node)
    const own = `${node.spec.templateName}${at > 0 ? `#${at + 1}` : ''}`
    const alias = parent === undefined ? own : `${aliasOf(parent)}/${own}`
    aliases.set(node.metadata.name, alias)
    return alias
  }
  for (const node of nodes) aliasOf(node)
  const names = [...aliases.keys()].toSorted((a, b) => b.length - a.length)
  return (text) => {
    let result = text
    // A node's name, and with five more characters that of what it has made.
    for (const name of names)
      result = result.replaceAll(
        new RegExp(`\\b${name}(-[a-z0-9]{5})?(?![\\w-])`, 'g'),
        (_all, made?: string) => (made === undefined ? `<${aliases.get(name)}>` : `<${aliases.get(name)}>-x`),
      )
    return result
  }
}
