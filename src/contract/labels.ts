/** Label, annotation and finalizer keys of the Sei controller, and the harness's own. All are one-way doors. */
export const labels = {
  network: 'sei.io/seinetwork',
  networkOrdinal: 'sei.io/seinetwork-ordinal',
  /** Frozen legacy key: still what the aggregate Service selects by. */
  nodeDeployment: 'sei.io/nodedeployment',
  nodeDeploymentOrdinal: 'sei.io/nodedeployment-ordinal',
  chain: 'sei.io/chain',
  role: 'sei.io/role',
  node: 'sei.io/node',
  component: 'sei.io/component',
  /** On everything a run creates; its value is the run id. */
  harnessRun: 'sei.io/harness-run',
} as const

/** Label keys of scenarios and of what they make. */
export const scenarioLabels = {
  /** On a Workflow and its ConfigMaps: name of the scenario. */
  scenario: 'sei.io/scenario',
  /** On a Workflow and its ConfigMaps: the run id. */
  workflowRun: 'sei.io/workflow-run',
} as const

/** Label and annotation keys of Chaos Mesh. */
export const chaosMeshKeys = {
  /** Label of nodes, pods and faults: name of their Workflow. Not its uid: a name must not be used twice. */
  workflow: 'chaos-mesh.org/workflow',
  /** Label of the same: name of the direct parent, the Workflow itself for its entry node. */
  controlledBy: 'chaos-mesh.org/controlled-by',
  /** Annotation of a fault; `true` and nothing else recovers it until it is taken away. */
  pause: 'experiment.chaos-mesh.org/pause',
  /** Annotation of a fault that is being deleted; `forced` lets it go without recovery. */
  cleanFinalizer: 'chaos-mesh.chaos-mesh.org/cleanFinalizer',
  /** Annotation of a Workflow; `true` and nothing else aborts it. */
  abort: 'workflow.chaos-mesh.org/abort',
} as const

export const annotations = {
  /** On a template of a Workflow's source: `true` makes it what runs at the end, however the run ended. */
  finally: 'sei.io/finally',
  /** On a template of a Workflow's source: `large` where its Task may log more than 256 KiB, `small` where it never does. */
  log: 'sei.io/log',
  /** On the Workflow of a scenario's source: YAML mapping of its placeholders' names to their types. */
  placeholders: 'sei.io/placeholders',
  /**
   * On the Workflow of a scenario's source: the fastest clock, in simulated seconds per second, that its steps keep up with. They
   * are real processes, and what they wait for is not.
   */
  fastestRate: 'sei.io/fastest-rate',
  /** On a rendered Workflow: `none`, or as JSON the steps, gates and finalizers of its guard. */
  guard: 'sei.io/guard',
  /** On a Workflow: what tells its run from another that took the same run id, for everyone who writes its report. */
  runNonce: 'sei.io/run-nonce',
  /** On the ConfigMap of a Workflow's values: what its nodes' gates saw, see step-gates.ts. */
  gates: 'sei.io/gates',
  managedBy: 'sei.io/managed-by',
  dedicatedNode: 'sei.io/dedicated-node',
  forceDeleteWorkflow: 'sei.io/force-delete-workflow',
  doNotDisrupt: 'karpenter.sh/do-not-disrupt',
  /**
   * Written by our stand-in kubelet on a Service: JSON object from published port to the loopback `host:port` that
   * answers for it, e.g. `{"26657":"127.0.0.1:21034"}`. Stable for the life of the Service, also across pod replacement.
   */
  loopback: 'embedded.sei.io/loopback',
  /** On the namespace `kube-system` of a cluster whose nodes are simulated: its `KnownPace` as JSON. */
  pace: 'embedded.sei.io/pace',
  /** Faults ordered for a SeiNetwork's or SeiNode's pods; grammar in embedded/faults.ts. */
  faults: 'embedded.sei.io/faults',
} as const

export const finalizers = {
  /** Of a fault: its targets have to recover first. */
  faultRecords: 'chaos-mesh/records',
  network: 'sei.io/seinetwork-finalizer',
  node: 'sei.io/seinode-finalizer',
  workflow: 'sei.io/seinodetaskworkflow-finalizer',
} as const

/** Field managers of server-side apply. */
export const fieldManagers = {
  harness: 'vitest-environment-sei',
  network: 'seinetwork-controller',
  node: 'seinode-controller',
  task: 'seinode-task-controller',
} as const

/** Field managers of scenarios’ steps; those of steps that the Sei controller had are called as it called them. */
export const stepFieldManagers = {
  vars: 'seitask',
  keygen: 'seitask-keygen',
  provisionSnd: 'seitask-provision-snd',
  provisionNode: 'seitask-provision-node',
  runner: 'seitask-runner',
  setImage: 'seitask-set-image',
} as const

export type Role = 'validator' | 'node' | 'archive' | 'replayer' | 'seed'
