/**
 * Fields of Chaos Mesh's types in the notation of the API server's field tables; a type with a dot in its name is a string of
 * that Go type. What they embed stands among their own fields, as in JSON.
 */
export const goTypes: Readonly<Record<string, string>> = {
  Workflow: 'apiVersion:string kind:string spec:WorkflowSpec',
  WorkflowSpec: 'entry:string templates:Template[]',
  Template:
    'name:string templateType:v1alpha1.TemplateType deadline:string task:Task children:string[] conditionalBranches:ConditionalBranch[] networkChaos:NetworkChaosSpec podChaos:PodChaosSpec stressChaos:StressChaosSpec timeChaos:TimeChaosSpec schedule:ChaosOnlyScheduleSpec abortWithStatusCheck:bool',
  Task: 'container:V1Container volumes:V1Volume[] labels:string{}',
  ConditionalBranch: 'target:string expression:string',
  ChaosOnlyScheduleSpec:
    'schedule:string startingDeadlineSeconds:int64 concurrencyPolicy:v1alpha1.ConcurrencyPolicy historyLimit:int type:v1alpha1.ScheduleTemplateType networkChaos:NetworkChaosSpec podChaos:PodChaosSpec stressChaos:StressChaosSpec timeChaos:TimeChaosSpec',
  NetworkChaos: 'apiVersion:string kind:string spec:NetworkChaosSpec',
  PodChaos: 'apiVersion:string kind:string spec:PodChaosSpec',
  StressChaos: 'apiVersion:string kind:string spec:StressChaosSpec',
  TimeChaos: 'apiVersion:string kind:string spec:TimeChaosSpec',
  Schedule: 'apiVersion:string kind:string spec:ScheduleSpec',
  ScheduleSpec:
    'schedule:string startingDeadlineSeconds:int64 concurrencyPolicy:v1alpha1.ConcurrencyPolicy historyLimit:int type:v1alpha1.ScheduleTemplateType networkChaos:NetworkChaosSpec podChaos:PodChaosSpec stressChaos:StressChaosSpec timeChaos:TimeChaosSpec workflow:WorkflowSpec',
  PodSelector: 'selector:PodSelectorSpec mode:v1alpha1.SelectorMode value:string',
  PodSelectorSpec:
    'namespaces:string[] fieldSelectors:string{} labelSelectors:string{} expressionSelectors:V1LabelSelectorRequirement[] annotationSelectors:string{} nodes:string[] pods:string[]{} nodeSelectors:string{} podPhaseSelectors:string[]',
  PodChaosSpec:
    'selector:PodSelectorSpec mode:v1alpha1.SelectorMode value:string containerNames:string[] action:v1alpha1.PodChaosAction duration:string gracePeriod:int64 remoteCluster:string',
  TimeChaosSpec:
    'selector:PodSelectorSpec mode:v1alpha1.SelectorMode value:string containerNames:string[] timeOffset:string clockIds:string[] duration:string remoteCluster:string',
  StressChaosSpec:
    'selector:PodSelectorSpec mode:v1alpha1.SelectorMode value:string containerNames:string[] stressors:Stressors stressngStressors:string duration:string remoteCluster:string',
  Stressors: 'memory:MemoryStressor cpu:CPUStressor',
  MemoryStressor: 'workers:int size:string oomScoreAdj:int options:string[]',
  CPUStressor: 'workers:int load:int options:string[]',
  NetworkChaosSpec:
    'selector:PodSelectorSpec mode:v1alpha1.SelectorMode value:string action:v1alpha1.NetworkChaosAction device:string duration:string delay:DelaySpec loss:LossSpec duplicate:DuplicateSpec corrupt:CorruptSpec rate:RateSpec bandwidth:BandwidthSpec direction:v1alpha1.Direction target:PodSelector targetDevice:string externalTargets:string[] remoteCluster:string',
  DelaySpec: 'latency:string correlation:string jitter:string reorder:ReorderSpec',
  ReorderSpec: 'reorder:string correlation:string gap:int',
  LossSpec: 'loss:string correlation:string',
  DuplicateSpec: 'duplicate:string correlation:string',
  CorruptSpec: 'corrupt:string correlation:string',
  RateSpec: 'rate:string',
  BandwidthSpec: 'rate:string limit:uint32 buffer:uint32 peakrate:uint64 minburst:uint32',
}
