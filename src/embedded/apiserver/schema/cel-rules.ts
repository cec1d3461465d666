import type { CelInput } from '@bufbuild/cel'
import type { CelEngine, Expression } from './cel-engine.ts'
import { ruleError, ruleFailure, staticMessage } from './cel-failure.ts'
import { alignOrder, rootView, toCelValue } from './cel-values.ts'
import type { Run } from './check.ts'
import { deepEqual, isRecord } from '../object.ts'
import { keySegment, type Segment } from './field-path.ts'
import {
  additionalSchema,
  ownValue,
  type JsonMap,
  type JsonSchema,
  type ValidationRule,
} from './json-schema.ts'
import { correlateItems } from './list-keys.ts'

type Bindings = Readonly<Record<string, CelInput>>

/** A schema node that has rules, or leads to nodes that have. */
export interface RuleNode {
  readonly schema: JsonSchema
  readonly root: boolean
  readonly rules: readonly ValidationRule[]
  readonly properties: ReadonlyMap<string, RuleNode>
  readonly additional: RuleNode | undefined
  readonly items: RuleNode | undefined
}

/** The part of a schema that leads to CEL rules; `undefined` when it has none. */
export function findRules(schema: JsonSchema, root = false): RuleNode | undefined {
  const properties = new Map<string, RuleNode>()
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const node = findRules(property)
    if (node !== undefined) properties.set(key, node)
  }
  const additionalProperties = additionalSchema(schema)
  const additional = additionalProperties === undefined ? undefined : findRules(additionalProperties)
  const items = schema.items === undefined ? undefined : findRules(schema.items)
  const rules = schema['x-kubernetes-validations'] ?? []
  const leads = rules.length > 0 || properties.size > 0 || additional !== undefined || items !== undefined
  return leads ? { schema, root, rules, properties, additional, items } : undefined
}

/**
 * Evaluates the rules at and below one value. Rules that read `oldSelf` run only where an old value is correlated;
 * the others do not run where the value is unchanged, since ratcheting would forgive what they find.
 */
export function runRules(node: RuleNode, value: unknown, old: unknown, engine: CelEngine, run: Run): void {
  if (value === undefined || value === null) return
  const before = old === null ? undefined : old
  if (node.rules.length > 0) evaluateNode(node, value, before, engine, run)
  if (Array.isArray(value)) runItemRules(node, value, before, engine, run)
  else if (isRecord(value)) runFieldRules(node, value, before, engine, run)
}

function runItemRules(
  node: RuleNode,
  list: readonly unknown[],
  old: unknown,
  engine: CelEngine,
  run: Run,
): void {
  if (node.items === undefined) return
  const oldOf = correlateItems(node.schema, old)
  for (const [index, item] of list.entries()) {
    run.path.push(index)
    runRules(node.items, item, oldOf(item), engine, run)
    run.path.pop()
  }
}

function runFieldRules(node: RuleNode, map: JsonMap, old: unknown, engine: CelEngine, run: Run): void {
  const correlated = node.schema['x-kubernetes-map-type'] !== 'atomic' && isRecord(old) ? old : undefined
  const visit = (child: RuleNode, key: string, segment: Segment): void => {
    run.path.push(segment)
    runRules(child, map[key], ownValue(correlated, key), engine, run)
    run.path.pop()
  }
  for (const [key, child] of node.properties) if (Object.hasOwn(map, key)) visit(child, key, key)
  if (node.additional === undefined) return
  for (const key in map) visit(node.additional, key, keySegment(key))
}

function evaluateNode(node: RuleNode, value: unknown, old: unknown, engine: CelEngine, run: Run): void {
  const unchanged = old !== undefined && deepEqual(value, old)
  let bindings: Bindings | undefined
  for (const rule of node.rules) {
    const expression = engine.parse(rule.rule)
    if (expression.usesOldSelf ? old === undefined : unchanged) continue
    bindings ??= bind(node, value, old, engine)
    evaluateRule(rule, expression, bindings, node, value, engine, run)
  }
}

function bind(node: RuleNode, value: unknown, old: unknown, engine: CelEngine): Bindings {
  const view = (seen: unknown): unknown => (node.root ? rootView(seen) : seen)
  const self = toCelValue(view(value), node.schema, engine)
  if (old === undefined) return { self }
  return { self, oldSelf: toCelValue(view(alignOrder(old, value, node.schema)), node.schema, engine) }
}

function evaluateRule(
  rule: ValidationRule,
  expression: Expression,
  bindings: Bindings,
  node: RuleNode,
  value: unknown,
  engine: CelEngine,
  run: Run,
): void {
  const outcome = expression.evaluate(bindings)
  if ('error' in outcome) {
    run.errors.push(ruleError(rule, node.schema, outcome.error, run.path))
  } else if (outcome.value !== true) {
    const message = dynamicMessage(rule, bindings, engine) ?? staticMessage(rule)
    run.errors.push(ruleFailure(rule, node.schema, value, message, run.path))
  }
}

const maxMessageLength = 5 * 1024

/** `undefined` when there is no expression, it fails or gives nothing a message can be: the static one stands in. */
function dynamicMessage(rule: ValidationRule, bindings: Bindings, engine: CelEngine): string | undefined {
  if (rule.messageExpression === undefined) return undefined
  const outcome = engine.parse(rule.messageExpression).evaluate(bindings)
  if (!('value' in outcome) || typeof outcome.value !== 'string') return undefined
  const message = outcome.value.trim()
  const usable = message !== '' && !message.includes('\n') && message.length <= maxMessageLength
  return usable ? message : undefined
}
