import './contract/node-version.ts'

/** The door for test files: Vitest's `test` with Sei's fixtures, and `expect` and `describe` as Vitest has them. */
export { test } from '../fixtures/index.ts'
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
export type { Admin } from '../fixtures/admin.ts'
export type { Evidence } from '../fixtures/evidence.ts'
export type { Endpoints, NetworkEndpoints, NodeEndpoints } from './contract/endpoints.ts'
export type {
  ExpectDisruptionOptions,
  ExpectedDisruption,
  ExpectedHalt,
  ExpectHaltOptions,
} from './contract/expectations.ts'
export type { GateName, GateState, GateStep, GateTrace } from './contract/gates.ts'
export type { HaltCertainty, HaltKind, HaltReason, HaltSource, HaltVerdict } from './contract/halts.ts'
export type {
  LeasedNetwork,
  NetworkHandle,
  NodeHandle,
  NodeStatus,
  SeiClient,
  WaitOptions,
} from './contract/handles.ts'
export type { NetworkSpec, NodeSpec } from './contract/spec.ts'
export type {
  DiscoverPeersResult,
  FanOut,
  FanOutResult,
  HeightResult,
  NetworkUpgrade,
  NetworkUpgradeResult,
  ParamChangeProposal,
  ProposalResult,
  RestartResult,
  TaskCapabilities,
  TaskFailure,
  TaskKind,
  TaskOptions,
  TaskResult,
  Tasks,
  TaskSpec,
  UpdateImageResult,
  UpgradeProposal,
  Vote,
  VoteResult,
} from './contract/tasks.ts'
export type { ScenarioResult, ScenarioRun, ScenarioVerdict, StepReport } from './contract/scenario.ts'
export type { WorkflowRunOptions, WorkflowRunResult, WorkflowRuns } from './contract/workflow-runs.ts'
export { quorum } from './contract/tasks.ts'
// Brings what it adds to Vitest's own types along.
export type { ProvidedLeaseApi } from '../fixtures/provided.ts'
export { SeiError } from './errors/sei-error.ts'
export type { ErrorClass, ErrorCode } from './errors/codes.ts'
export { isCancelled, isSeiError, isTimeout, isUsage } from './errors/guards.ts'
