/**
 * Fields of the built-in types, one line a type, as `name:type` pairs; `[]` after a type is a list, `{}` a map. Written by
 * ci/field-tables.ts from the models of @kubernetes/client-node.
 */
export const fieldTables: Readonly<Record<string, string>> = {
  AdmissionregistrationV1ServiceReference: 'name:string namespace:string path:string port:int',
  AdmissionregistrationV1WebhookClientConfig:
    'caBundle:bytes service:AdmissionregistrationV1ServiceReference url:string',
  ApiextensionsV1ServiceReference: 'name:string namespace:string path:string port:int',
  ApiextensionsV1WebhookClientConfig: 'caBundle:bytes service:ApiextensionsV1ServiceReference url:string',
  AuthenticationV1TokenRequest:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1TokenRequestSpec status:V1TokenRequestStatus',
  CoreV1EndpointPort: 'appProtocol:string name:string port:int protocol:string',
  CoreV1Event:
    'action:string apiVersion:string count:int eventTime:microTime firstTimestamp:time involvedObject:V1ObjectReference kind:string lastTimestamp:time message:string metadata:V1ObjectMeta reason:string related:V1ObjectReference reportingComponent:string reportingInstance:string series:CoreV1EventSeries source:V1EventSource type:string',
  CoreV1EventSeries: 'count:int lastObservedTime:microTime',
  CoreV1ResourceClaim: 'name:string request:string',
  DiscoveryV1EndpointPort: 'appProtocol:string name:string port:int protocol:string',
  EventsV1Event:
    'action:string apiVersion:string deprecatedCount:int deprecatedFirstTimestamp:time deprecatedLastTimestamp:time deprecatedSource:V1EventSource eventTime:microTime kind:string metadata:V1ObjectMeta note:string reason:string regarding:V1ObjectReference related:V1ObjectReference reportingController:string reportingInstance:string series:EventsV1EventSeries type:string',
  EventsV1EventSeries: 'count:int lastObservedTime:microTime',
  RbacV1Subject: 'apiGroup:string kind:string name:string namespace:string',
  V1AWSElasticBlockStoreVolumeSource: 'fsType:string partition:int readOnly:bool volumeID:string',
  V1Affinity: 'nodeAffinity:V1NodeAffinity podAffinity:V1PodAffinity podAntiAffinity:V1PodAntiAffinity',
  V1AggregationRule: 'clusterRoleSelectors:V1LabelSelector[]',
  V1AppArmorProfile: 'localhostProfile:string type:string',
  V1AttachedVolume: 'devicePath:string name:string',
  V1AzureDiskVolumeSource:
    'cachingMode:string diskName:string diskURI:string fsType:string kind:string readOnly:bool',
  V1AzureFilePersistentVolumeSource:
    'readOnly:bool secretName:string secretNamespace:string shareName:string',
  V1AzureFileVolumeSource: 'readOnly:bool secretName:string shareName:string',
  V1BoundObjectReference: 'apiVersion:string kind:string name:string uid:string',
  V1CSIPersistentVolumeSource:
    'controllerExpandSecretRef:V1SecretReference controllerPublishSecretRef:V1SecretReference driver:string fsType:string nodeExpandSecretRef:V1SecretReference nodePublishSecretRef:V1SecretReference nodeStageSecretRef:V1SecretReference readOnly:bool volumeAttributes:string{} volumeHandle:string',
  V1CSIVolumeSource:
    'driver:string fsType:string nodePublishSecretRef:V1LocalObjectReference readOnly:bool volumeAttributes:string{}',
  V1Capabilities: 'add:string[] drop:string[]',
  V1CephFSPersistentVolumeSource:
    'monitors:string[] path:string readOnly:bool secretFile:string secretRef:V1SecretReference user:string',
  V1CephFSVolumeSource:
    'monitors:string[] path:string readOnly:bool secretFile:string secretRef:V1LocalObjectReference user:string',
  V1CinderPersistentVolumeSource: 'fsType:string readOnly:bool secretRef:V1SecretReference volumeID:string',
  V1CinderVolumeSource: 'fsType:string readOnly:bool secretRef:V1LocalObjectReference volumeID:string',
  V1ClientIPConfig: 'timeoutSeconds:int',
  V1ClusterRole:
    'aggregationRule:V1AggregationRule apiVersion:string kind:string metadata:V1ObjectMeta rules:V1PolicyRule[]',
  V1ClusterRoleBinding:
    'apiVersion:string kind:string metadata:V1ObjectMeta roleRef:V1RoleRef subjects:RbacV1Subject[]',
  V1ClusterTrustBundleProjection:
    'labelSelector:V1LabelSelector name:string optional:bool path:string signerName:string',
  V1Condition:
    'lastTransitionTime:time message:string observedGeneration:int reason:string status:string type:string',
  V1ConfigMap:
    'apiVersion:string binaryData:bytes{} data:string{} immutable:bool kind:string metadata:V1ObjectMeta',
  V1ConfigMapEnvSource: 'name:string optional:bool',
  V1ConfigMapKeySelector: 'key:string name:string optional:bool',
  V1ConfigMapNodeConfigSource:
    'kubeletConfigKey:string name:string namespace:string resourceVersion:string uid:string',
  V1ConfigMapProjection: 'items:V1KeyToPath[] name:string optional:bool',
  V1ConfigMapVolumeSource: 'defaultMode:int items:V1KeyToPath[] name:string optional:bool',
  V1Container:
    'args:string[] command:string[] env:V1EnvVar[] envFrom:V1EnvFromSource[] image:string imagePullPolicy:string lifecycle:V1Lifecycle livenessProbe:V1Probe name:string ports:V1ContainerPort[] readinessProbe:V1Probe resizePolicy:V1ContainerResizePolicy[] resources:V1ResourceRequirements restartPolicy:string restartPolicyRules:V1ContainerRestartRule[] securityContext:V1SecurityContext startupProbe:V1Probe stdin:bool stdinOnce:bool terminationMessagePath:string terminationMessagePolicy:string tty:bool volumeDevices:V1VolumeDevice[] volumeMounts:V1VolumeMount[] workingDir:string',
  V1ContainerExtendedResourceRequest: 'containerName:string requestName:string resourceName:string',
  V1ContainerImage: 'names:string[] sizeBytes:int',
  V1ContainerPort: 'containerPort:int hostIP:string hostPort:int name:string protocol:string',
  V1ContainerResizePolicy: 'resourceName:string restartPolicy:string',
  V1ContainerRestartRule: 'action:string exitCodes:V1ContainerRestartRuleOnExitCodes',
  V1ContainerRestartRuleOnExitCodes: 'operator:string values:int[]',
  V1ContainerState:
    'running:V1ContainerStateRunning terminated:V1ContainerStateTerminated waiting:V1ContainerStateWaiting',
  V1ContainerStateRunning: 'startedAt:time',
  V1ContainerStateTerminated:
    'containerID:string exitCode:int finishedAt:time message:string reason:string signal:int startedAt:time',
  V1ContainerStateWaiting: 'message:string reason:string',
  V1ContainerStatus:
    'allocatedResources:quantity{} allocatedResourcesStatus:V1ResourceStatus[] containerID:string image:string imageID:string lastState:V1ContainerState name:string ready:bool resources:V1ResourceRequirements restartCount:int started:bool state:V1ContainerState stopSignal:string user:V1ContainerUser volumeMounts:V1VolumeMountStatus[]',
  V1ContainerUser: 'linux:V1LinuxContainerUser',
  V1CronJob: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1CronJobSpec status:V1CronJobStatus',
  V1CronJobSpec:
    'concurrencyPolicy:string failedJobsHistoryLimit:int jobTemplate:V1JobTemplateSpec schedule:string startingDeadlineSeconds:int successfulJobsHistoryLimit:int suspend:bool timeZone:string',
  V1CronJobStatus: 'active:V1ObjectReference[] lastScheduleTime:time lastSuccessfulTime:time',
  V1CustomResourceColumnDefinition:
    'description:string format:string jsonPath:string name:string priority:int type:string',
  V1CustomResourceConversion: 'strategy:string webhook:V1WebhookConversion',
  V1CustomResourceDefinition:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1CustomResourceDefinitionSpec status:V1CustomResourceDefinitionStatus',
  V1CustomResourceDefinitionCondition:
    'lastTransitionTime:time message:string observedGeneration:int reason:string status:string type:string',
  V1CustomResourceDefinitionNames:
    'categories:string[] kind:string listKind:string plural:string shortNames:string[] singular:string',
  V1CustomResourceDefinitionSpec:
    'conversion:V1CustomResourceConversion group:string names:V1CustomResourceDefinitionNames preserveUnknownFields:bool scope:string versions:V1CustomResourceDefinitionVersion[]',
  V1CustomResourceDefinitionStatus:
    'acceptedNames:V1CustomResourceDefinitionNames conditions:V1CustomResourceDefinitionCondition[] observedGeneration:int storedVersions:string[]',
  V1CustomResourceDefinitionVersion:
    'additionalPrinterColumns:V1CustomResourceColumnDefinition[] deprecated:bool deprecationWarning:string name:string schema:V1CustomResourceValidation selectableFields:V1SelectableField[] served:bool storage:bool subresources:V1CustomResourceSubresources',
  V1CustomResourceSubresourceScale:
    'labelSelectorPath:string specReplicasPath:string statusReplicasPath:string',
  V1CustomResourceSubresources: 'scale:V1CustomResourceSubresourceScale status:any',
  V1CustomResourceValidation: 'openAPIV3Schema:V1JSONSchemaProps',
  V1DaemonEndpoint: 'Port:int',
  V1DeleteOptions:
    'apiVersion:string dryRun:string[] gracePeriodSeconds:int ignoreStoreReadErrorWithClusterBreakingPotential:bool kind:string orphanDependents:bool preconditions:V1Preconditions propagationPolicy:string',
  V1Deployment:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1DeploymentSpec status:V1DeploymentStatus',
  V1DeploymentCondition:
    'lastTransitionTime:time lastUpdateTime:time message:string reason:string status:string type:string',
  V1DeploymentSpec:
    'minReadySeconds:int paused:bool progressDeadlineSeconds:int replicas:int revisionHistoryLimit:int selector:V1LabelSelector strategy:V1DeploymentStrategy template:V1PodTemplateSpec',
  V1DeploymentStatus:
    'availableReplicas:int collisionCount:int conditions:V1DeploymentCondition[] observedGeneration:int readyReplicas:int replicas:int terminatingReplicas:int unavailableReplicas:int updatedReplicas:int',
  V1DeploymentStrategy: 'rollingUpdate:V1RollingUpdateDeployment type:string',
  V1DownwardAPIProjection: 'items:V1DownwardAPIVolumeFile[]',
  V1DownwardAPIVolumeFile:
    'fieldRef:V1ObjectFieldSelector mode:int path:string resourceFieldRef:V1ResourceFieldSelector',
  V1DownwardAPIVolumeSource: 'defaultMode:int items:V1DownwardAPIVolumeFile[]',
  V1EmptyDirVolumeSource: 'medium:string sizeLimit:quantity',
  V1Endpoint:
    'addresses:string[] conditions:V1EndpointConditions deprecatedTopology:string{} hints:V1EndpointHints hostname:string nodeName:string targetRef:V1ObjectReference zone:string',
  V1EndpointAddress: 'hostname:string ip:string nodeName:string targetRef:V1ObjectReference',
  V1EndpointConditions: 'ready:bool serving:bool terminating:bool',
  V1EndpointHints: 'forNodes:V1ForNode[] forZones:V1ForZone[]',
  V1EndpointSlice:
    'addressType:string apiVersion:string endpoints:V1Endpoint[] kind:string metadata:V1ObjectMeta ports:DiscoveryV1EndpointPort[]',
  V1EndpointSubset:
    'addresses:V1EndpointAddress[] notReadyAddresses:V1EndpointAddress[] ports:CoreV1EndpointPort[]',
  V1Endpoints: 'apiVersion:string kind:string metadata:V1ObjectMeta subsets:V1EndpointSubset[]',
  V1EnvFromSource: 'configMapRef:V1ConfigMapEnvSource prefix:string secretRef:V1SecretEnvSource',
  V1EnvVar: 'name:string value:string valueFrom:V1EnvVarSource',
  V1EnvVarSource:
    'configMapKeyRef:V1ConfigMapKeySelector fieldRef:V1ObjectFieldSelector fileKeyRef:V1FileKeySelector resourceFieldRef:V1ResourceFieldSelector secretKeyRef:V1SecretKeySelector',
  V1EphemeralContainer:
    'args:string[] command:string[] env:V1EnvVar[] envFrom:V1EnvFromSource[] image:string imagePullPolicy:string lifecycle:V1Lifecycle livenessProbe:V1Probe name:string ports:V1ContainerPort[] readinessProbe:V1Probe resizePolicy:V1ContainerResizePolicy[] resources:V1ResourceRequirements restartPolicy:string restartPolicyRules:V1ContainerRestartRule[] securityContext:V1SecurityContext startupProbe:V1Probe stdin:bool stdinOnce:bool targetContainerName:string terminationMessagePath:string terminationMessagePolicy:string tty:bool volumeDevices:V1VolumeDevice[] volumeMounts:V1VolumeMount[] workingDir:string',
  V1EphemeralVolumeSource: 'volumeClaimTemplate:V1PersistentVolumeClaimTemplate',
  V1EventSource: 'component:string host:string',
  V1ExecAction: 'command:string[]',
  V1ExternalDocumentation: 'description:string url:string',
  V1FCVolumeSource: 'fsType:string lun:int readOnly:bool targetWWNs:string[] wwids:string[]',
  V1FieldSelectorAttributes: 'rawSelector:string requirements:V1FieldSelectorRequirement[]',
  V1FieldSelectorRequirement: 'key:string operator:string values:string[]',
  V1FileKeySelector: 'key:string optional:bool path:string volumeName:string',
  V1FlexPersistentVolumeSource:
    'driver:string fsType:string options:string{} readOnly:bool secretRef:V1SecretReference',
  V1FlexVolumeSource:
    'driver:string fsType:string options:string{} readOnly:bool secretRef:V1LocalObjectReference',
  V1FlockerVolumeSource: 'datasetName:string datasetUUID:string',
  V1ForNode: 'name:string',
  V1ForZone: 'name:string',
  V1GCEPersistentDiskVolumeSource: 'fsType:string partition:int pdName:string readOnly:bool',
  V1GRPCAction: 'port:int service:string',
  V1GitRepoVolumeSource: 'directory:string repository:string revision:string',
  V1GlusterfsPersistentVolumeSource: 'endpoints:string endpointsNamespace:string path:string readOnly:bool',
  V1GlusterfsVolumeSource: 'endpoints:string path:string readOnly:bool',
  V1HTTPGetAction: 'host:string httpHeaders:V1HTTPHeader[] path:string port:intOrString scheme:string',
  V1HTTPHeader: 'name:string value:string',
  V1HostAlias: 'hostnames:string[] ip:string',
  V1HostIP: 'ip:string',
  V1HostPathVolumeSource: 'path:string type:string',
  V1ISCSIPersistentVolumeSource:
    'chapAuthDiscovery:bool chapAuthSession:bool fsType:string initiatorName:string iqn:string iscsiInterface:string lun:int portals:string[] readOnly:bool secretRef:V1SecretReference targetPortal:string',
  V1ISCSIVolumeSource:
    'chapAuthDiscovery:bool chapAuthSession:bool fsType:string initiatorName:string iqn:string iscsiInterface:string lun:int portals:string[] readOnly:bool secretRef:V1LocalObjectReference targetPortal:string',
  V1ImageVolumeSource: 'pullPolicy:string reference:string',
  V1ImageVolumeStatus: 'imageRef:string',
  V1JSONSchemaProps:
    '$ref:string $schema:string additionalItems:any additionalProperties:any allOf:V1JSONSchemaProps[] anyOf:V1JSONSchemaProps[] default:any definitions:V1JSONSchemaProps{} dependencies:any{} description:string enum:any[] example:any exclusiveMaximum:bool exclusiveMinimum:bool externalDocs:V1ExternalDocumentation format:string id:string items:any maxItems:int maxLength:int maxProperties:int maximum:number minItems:int minLength:int minProperties:int minimum:number multipleOf:number not:V1JSONSchemaProps nullable:bool oneOf:V1JSONSchemaProps[] pattern:string patternProperties:V1JSONSchemaProps{} properties:V1JSONSchemaProps{} required:string[] title:string type:string uniqueItems:bool x-kubernetes-embedded-resource:bool x-kubernetes-int-or-string:bool x-kubernetes-list-map-keys:string[] x-kubernetes-list-type:string x-kubernetes-map-type:string x-kubernetes-preserve-unknown-fields:bool x-kubernetes-validations:V1ValidationRule[]',
  V1Job: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1JobSpec status:V1JobStatus',
  V1JobCondition:
    'lastProbeTime:time lastTransitionTime:time message:string reason:string status:string type:string',
  V1JobSpec:
    'activeDeadlineSeconds:int backoffLimit:int backoffLimitPerIndex:int completionMode:string completions:int managedBy:string manualSelector:bool maxFailedIndexes:int parallelism:int podFailurePolicy:V1PodFailurePolicy podReplacementPolicy:string selector:V1LabelSelector successPolicy:V1SuccessPolicy suspend:bool template:V1PodTemplateSpec ttlSecondsAfterFinished:int',
  V1JobStatus:
    'active:int completedIndexes:string completionTime:time conditions:V1JobCondition[] failed:int failedIndexes:string ready:int startTime:time succeeded:int terminating:int uncountedTerminatedPods:V1UncountedTerminatedPods',
  V1JobTemplateSpec: 'metadata:V1ObjectMeta spec:V1JobSpec',
  V1KeyToPath: 'key:string mode:int path:string',
  V1LabelSelector: 'matchExpressions:V1LabelSelectorRequirement[] matchLabels:string{}',
  V1LabelSelectorAttributes: 'rawSelector:string requirements:V1LabelSelectorRequirement[]',
  V1LabelSelectorRequirement: 'key:string operator:string values:string[]',
  V1Lease: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1LeaseSpec',
  V1LeaseSpec:
    'acquireTime:microTime holderIdentity:string leaseDurationSeconds:int leaseTransitions:int preferredHolder:string renewTime:microTime strategy:string',
  V1Lifecycle: 'postStart:V1LifecycleHandler preStop:V1LifecycleHandler stopSignal:string',
  V1LifecycleHandler:
    'exec:V1ExecAction httpGet:V1HTTPGetAction sleep:V1SleepAction tcpSocket:V1TCPSocketAction',
  V1LimitRange: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1LimitRangeSpec',
  V1LimitRangeItem:
    'default:quantity{} defaultRequest:quantity{} max:quantity{} maxLimitRequestRatio:quantity{} min:quantity{} type:string',
  V1LimitRangeSpec: 'limits:V1LimitRangeItem[]',
  V1LinuxContainerUser: 'gid:int supplementalGroups:int[] uid:int',
  V1LoadBalancerIngress: 'hostname:string ip:string ipMode:string ports:V1PortStatus[]',
  V1LoadBalancerStatus: 'ingress:V1LoadBalancerIngress[]',
  V1LocalObjectReference: 'name:string',
  V1LocalSubjectAccessReview:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1SubjectAccessReviewSpec status:V1SubjectAccessReviewStatus',
  V1LocalVolumeSource: 'fsType:string path:string',
  V1ManagedFieldsEntry:
    'apiVersion:string fieldsType:string fieldsV1:any manager:string operation:string subresource:string time:time',
  V1MatchCondition: 'expression:string name:string',
  V1ModifyVolumeStatus: 'status:string targetVolumeAttributesClassName:string',
  V1MutatingWebhook:
    'admissionReviewVersions:string[] clientConfig:AdmissionregistrationV1WebhookClientConfig failurePolicy:string matchConditions:V1MatchCondition[] matchPolicy:string name:string namespaceSelector:V1LabelSelector objectSelector:V1LabelSelector reinvocationPolicy:string rules:V1RuleWithOperations[] sideEffects:string timeoutSeconds:int',
  V1MutatingWebhookConfiguration:
    'apiVersion:string kind:string metadata:V1ObjectMeta webhooks:V1MutatingWebhook[]',
  V1NFSVolumeSource: 'path:string readOnly:bool server:string',
  V1Namespace:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1NamespaceSpec status:V1NamespaceStatus',
  V1NamespaceCondition: 'lastTransitionTime:time message:string reason:string status:string type:string',
  V1NamespaceSpec: 'finalizers:string[]',
  V1NamespaceStatus: 'conditions:V1NamespaceCondition[] phase:string',
  V1Node: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1NodeSpec status:V1NodeStatus',
  V1NodeAddress: 'address:string type:string',
  V1NodeAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:V1PreferredSchedulingTerm[] requiredDuringSchedulingIgnoredDuringExecution:V1NodeSelector',
  V1NodeAllocatableResourceClaimStatus: 'containers:string[] resourceClaimName:string resources:string{}',
  V1NodeCondition:
    'lastHeartbeatTime:time lastTransitionTime:time message:string reason:string status:string type:string',
  V1NodeConfigSource: 'configMap:V1ConfigMapNodeConfigSource',
  V1NodeConfigStatus:
    'active:V1NodeConfigSource assigned:V1NodeConfigSource error:string lastKnownGood:V1NodeConfigSource',
  V1NodeDaemonEndpoints: 'kubeletEndpoint:V1DaemonEndpoint',
  V1NodeFeatures: 'supplementalGroupsPolicy:bool',
  V1NodeRuntimeHandler: 'features:V1NodeRuntimeHandlerFeatures name:string',
  V1NodeRuntimeHandlerFeatures: 'recursiveReadOnlyMounts:bool userNamespaces:bool',
  V1NodeSelector: 'nodeSelectorTerms:V1NodeSelectorTerm[]',
  V1NodeSelectorRequirement: 'key:string operator:string values:string[]',
  V1NodeSelectorTerm: 'matchExpressions:V1NodeSelectorRequirement[] matchFields:V1NodeSelectorRequirement[]',
  V1NodeSpec:
    'configSource:V1NodeConfigSource externalID:string podCIDR:string podCIDRs:string[] providerID:string taints:V1Taint[] unschedulable:bool',
  V1NodeStatus:
    'addresses:V1NodeAddress[] allocatable:quantity{} capacity:quantity{} conditions:V1NodeCondition[] config:V1NodeConfigStatus daemonEndpoints:V1NodeDaemonEndpoints declaredFeatures:string[] features:V1NodeFeatures images:V1ContainerImage[] nodeInfo:V1NodeSystemInfo phase:string runtimeHandlers:V1NodeRuntimeHandler[] volumesAttached:V1AttachedVolume[] volumesInUse:string[]',
  V1NodeSwapStatus: 'capacity:int',
  V1NodeSystemInfo:
    'architecture:string bootID:string containerRuntimeVersion:string kernelVersion:string kubeProxyVersion:string kubeletVersion:string machineID:string operatingSystem:string osImage:string swap:V1NodeSwapStatus systemUUID:string',
  V1NonResourceAttributes: 'path:string verb:string',
  V1NonResourceRule: 'nonResourceURLs:string[] verbs:string[]',
  V1ObjectFieldSelector: 'apiVersion:string fieldPath:string',
  V1ObjectMeta:
    'annotations:string{} creationTimestamp:time deletionGracePeriodSeconds:int deletionTimestamp:time finalizers:string[] generateName:string generation:int labels:string{} managedFields:V1ManagedFieldsEntry[] name:string namespace:string ownerReferences:V1OwnerReference[] resourceVersion:string selfLink:string uid:string',
  V1ObjectReference:
    'apiVersion:string fieldPath:string kind:string name:string namespace:string resourceVersion:string uid:string',
  V1OwnerReference:
    'apiVersion:string blockOwnerDeletion:bool controller:bool kind:string name:string uid:string',
  V1PersistentVolume:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1PersistentVolumeSpec status:V1PersistentVolumeStatus',
  V1PersistentVolumeClaim:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1PersistentVolumeClaimSpec status:V1PersistentVolumeClaimStatus',
  V1PersistentVolumeClaimCondition:
    'lastProbeTime:time lastTransitionTime:time message:string reason:string status:string type:string',
  V1PersistentVolumeClaimSpec:
    'accessModes:string[] dataSource:V1TypedLocalObjectReference dataSourceRef:V1TypedObjectReference resources:V1VolumeResourceRequirements selector:V1LabelSelector storageClassName:string volumeAttributesClassName:string volumeMode:string volumeName:string',
  V1PersistentVolumeClaimStatus:
    'accessModes:string[] allocatedResourceStatuses:string{} allocatedResources:quantity{} capacity:quantity{} conditions:V1PersistentVolumeClaimCondition[] currentVolumeAttributesClassName:string modifyVolumeStatus:V1ModifyVolumeStatus phase:string',
  V1PersistentVolumeClaimTemplate: 'metadata:V1ObjectMeta spec:V1PersistentVolumeClaimSpec',
  V1PersistentVolumeClaimVolumeSource: 'claimName:string readOnly:bool',
  V1PersistentVolumeSpec:
    'accessModes:string[] awsElasticBlockStore:V1AWSElasticBlockStoreVolumeSource azureDisk:V1AzureDiskVolumeSource azureFile:V1AzureFilePersistentVolumeSource capacity:quantity{} cephfs:V1CephFSPersistentVolumeSource cinder:V1CinderPersistentVolumeSource claimRef:V1ObjectReference csi:V1CSIPersistentVolumeSource fc:V1FCVolumeSource flexVolume:V1FlexPersistentVolumeSource flocker:V1FlockerVolumeSource gcePersistentDisk:V1GCEPersistentDiskVolumeSource glusterfs:V1GlusterfsPersistentVolumeSource hostPath:V1HostPathVolumeSource iscsi:V1ISCSIPersistentVolumeSource local:V1LocalVolumeSource mountOptions:string[] nfs:V1NFSVolumeSource nodeAffinity:V1VolumeNodeAffinity persistentVolumeReclaimPolicy:string photonPersistentDisk:V1PhotonPersistentDiskVolumeSource portworxVolume:V1PortworxVolumeSource quobyte:V1QuobyteVolumeSource rbd:V1RBDPersistentVolumeSource scaleIO:V1ScaleIOPersistentVolumeSource storageClassName:string storageos:V1StorageOSPersistentVolumeSource volumeAttributesClassName:string volumeMode:string vsphereVolume:V1VsphereVirtualDiskVolumeSource',
  V1PersistentVolumeStatus: 'lastPhaseTransitionTime:time message:string phase:string reason:string',
  V1PhotonPersistentDiskVolumeSource: 'fsType:string pdID:string',
  V1Pod: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1PodSpec status:V1PodStatus',
  V1PodAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:V1WeightedPodAffinityTerm[] requiredDuringSchedulingIgnoredDuringExecution:V1PodAffinityTerm[]',
  V1PodAffinityTerm:
    'labelSelector:V1LabelSelector matchLabelKeys:string[] mismatchLabelKeys:string[] namespaceSelector:V1LabelSelector namespaces:string[] topologyKey:string',
  V1PodAntiAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:V1WeightedPodAffinityTerm[] requiredDuringSchedulingIgnoredDuringExecution:V1PodAffinityTerm[]',
  V1PodCertificateProjection:
    'certificateChainPath:string credentialBundlePath:string keyPath:string keyType:string maxExpirationSeconds:int signerName:string userAnnotations:string{}',
  V1PodCondition:
    'lastProbeTime:time lastTransitionTime:time message:string observedGeneration:int reason:string status:string type:string',
  V1PodDNSConfig: 'nameservers:string[] options:V1PodDNSConfigOption[] searches:string[]',
  V1PodDNSConfigOption: 'name:string value:string',
  V1PodExtendedResourceClaimStatus:
    'requestMappings:V1ContainerExtendedResourceRequest[] resourceClaimName:string',
  V1PodFailurePolicy: 'rules:V1PodFailurePolicyRule[]',
  V1PodFailurePolicyOnExitCodesRequirement: 'containerName:string operator:string values:int[]',
  V1PodFailurePolicyOnPodConditionsPattern: 'status:string type:string',
  V1PodFailurePolicyRule:
    'action:string onExitCodes:V1PodFailurePolicyOnExitCodesRequirement onPodConditions:V1PodFailurePolicyOnPodConditionsPattern[]',
  V1PodIP: 'ip:string',
  V1PodOS: 'name:string',
  V1PodReadinessGate: 'conditionType:string',
  V1PodResourceClaim: 'name:string resourceClaimName:string resourceClaimTemplateName:string',
  V1PodResourceClaimStatus: 'name:string resourceClaimName:string',
  V1PodSchedulingGate: 'name:string',
  V1PodSchedulingGroup: 'podGroupName:string',
  V1PodSecurityContext:
    'appArmorProfile:V1AppArmorProfile fsGroup:int fsGroupChangePolicy:string runAsGroup:int runAsNonRoot:bool runAsUser:int seLinuxChangePolicy:string seLinuxOptions:V1SELinuxOptions seccompProfile:V1SeccompProfile supplementalGroups:int[] supplementalGroupsPolicy:string sysctls:V1Sysctl[] windowsOptions:V1WindowsSecurityContextOptions',
  V1PodSpec:
    'activeDeadlineSeconds:int affinity:V1Affinity automountServiceAccountToken:bool containers:V1Container[] dnsConfig:V1PodDNSConfig dnsPolicy:string enableServiceLinks:bool ephemeralContainers:V1EphemeralContainer[] hostAliases:V1HostAlias[] hostIPC:bool hostNetwork:bool hostPID:bool hostUsers:bool hostname:string hostnameOverride:string imagePullSecrets:V1LocalObjectReference[] initContainers:V1Container[] nodeName:string nodeSelector:string{} os:V1PodOS overhead:quantity{} preemptionPolicy:string priority:int priorityClassName:string readinessGates:V1PodReadinessGate[] resourceClaims:V1PodResourceClaim[] resources:V1ResourceRequirements restartPolicy:string runtimeClassName:string schedulerName:string schedulingGates:V1PodSchedulingGate[] schedulingGroup:V1PodSchedulingGroup securityContext:V1PodSecurityContext serviceAccount:string serviceAccountName:string setHostnameAsFQDN:bool shareProcessNamespace:bool subdomain:string terminationGracePeriodSeconds:int tolerations:V1Toleration[] topologySpreadConstraints:V1TopologySpreadConstraint[] volumes:V1Volume[]',
  V1PodStatus:
    'allocatedResources:quantity{} conditions:V1PodCondition[] containerStatuses:V1ContainerStatus[] ephemeralContainerStatuses:V1ContainerStatus[] extendedResourceClaimStatus:V1PodExtendedResourceClaimStatus hostIP:string hostIPs:V1HostIP[] initContainerStatuses:V1ContainerStatus[] message:string nodeAllocatableResourceClaimStatuses:V1NodeAllocatableResourceClaimStatus[] nominatedNodeName:string observedGeneration:int phase:string podIP:string podIPs:V1PodIP[] qosClass:string reason:string resize:string resourceClaimStatuses:V1PodResourceClaimStatus[] resources:V1ResourceRequirements startTime:time',
  V1PodTemplateSpec: 'metadata:V1ObjectMeta spec:V1PodSpec',
  V1PolicyRule:
    'apiGroups:string[] nonResourceURLs:string[] resourceNames:string[] resources:string[] verbs:string[]',
  V1PortStatus: 'error:string port:int protocol:string',
  V1PortworxVolumeSource: 'fsType:string readOnly:bool volumeID:string',
  V1Preconditions: 'resourceVersion:string uid:string',
  V1PreferredSchedulingTerm: 'preference:V1NodeSelectorTerm weight:int',
  V1Probe:
    'exec:V1ExecAction failureThreshold:int grpc:V1GRPCAction httpGet:V1HTTPGetAction initialDelaySeconds:int periodSeconds:int successThreshold:int tcpSocket:V1TCPSocketAction terminationGracePeriodSeconds:int timeoutSeconds:int',
  V1ProjectedVolumeSource: 'defaultMode:int sources:V1VolumeProjection[]',
  V1QuobyteVolumeSource: 'group:string readOnly:bool registry:string tenant:string user:string volume:string',
  V1RBDPersistentVolumeSource:
    'fsType:string image:string keyring:string monitors:string[] pool:string readOnly:bool secretRef:V1SecretReference user:string',
  V1RBDVolumeSource:
    'fsType:string image:string keyring:string monitors:string[] pool:string readOnly:bool secretRef:V1LocalObjectReference user:string',
  V1ReplicaSet:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1ReplicaSetSpec status:V1ReplicaSetStatus',
  V1ReplicaSetCondition: 'lastTransitionTime:time message:string reason:string status:string type:string',
  V1ReplicaSetSpec: 'minReadySeconds:int replicas:int selector:V1LabelSelector template:V1PodTemplateSpec',
  V1ReplicaSetStatus:
    'availableReplicas:int conditions:V1ReplicaSetCondition[] fullyLabeledReplicas:int observedGeneration:int readyReplicas:int replicas:int terminatingReplicas:int',
  V1ResourceAttributes:
    'fieldSelector:V1FieldSelectorAttributes group:string labelSelector:V1LabelSelectorAttributes name:string namespace:string resource:string subresource:string verb:string version:string',
  V1ResourceFieldSelector: 'containerName:string divisor:quantity resource:string',
  V1ResourceHealth: 'health:string message:string resourceID:string',
  V1ResourceQuota:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1ResourceQuotaSpec status:V1ResourceQuotaStatus',
  V1ResourceQuotaSpec: 'hard:quantity{} scopeSelector:V1ScopeSelector scopes:string[]',
  V1ResourceQuotaStatus: 'hard:quantity{} used:quantity{}',
  V1ResourceRequirements: 'claims:CoreV1ResourceClaim[] limits:quantity{} requests:quantity{}',
  V1ResourceRule: 'apiGroups:string[] resourceNames:string[] resources:string[] verbs:string[]',
  V1ResourceStatus: 'name:string resources:V1ResourceHealth[]',
  V1Role: 'apiVersion:string kind:string metadata:V1ObjectMeta rules:V1PolicyRule[]',
  V1RoleBinding:
    'apiVersion:string kind:string metadata:V1ObjectMeta roleRef:V1RoleRef subjects:RbacV1Subject[]',
  V1RoleRef: 'apiGroup:string kind:string name:string',
  V1RollingUpdateDeployment: 'maxSurge:intOrString maxUnavailable:intOrString',
  V1RollingUpdateStatefulSetStrategy: 'maxUnavailable:intOrString partition:int',
  V1RuleWithOperations:
    'apiGroups:string[] apiVersions:string[] operations:string[] resources:string[] scope:string',
  V1SELinuxOptions: 'level:string role:string type:string user:string',
  V1ScaleIOPersistentVolumeSource:
    'fsType:string gateway:string protectionDomain:string readOnly:bool secretRef:V1SecretReference sslEnabled:bool storageMode:string storagePool:string system:string volumeName:string',
  V1ScaleIOVolumeSource:
    'fsType:string gateway:string protectionDomain:string readOnly:bool secretRef:V1LocalObjectReference sslEnabled:bool storageMode:string storagePool:string system:string volumeName:string',
  V1ScopeSelector: 'matchExpressions:V1ScopedResourceSelectorRequirement[]',
  V1ScopedResourceSelectorRequirement: 'operator:string scopeName:string values:string[]',
  V1SeccompProfile: 'localhostProfile:string type:string',
  V1Secret:
    'apiVersion:string data:bytes{} immutable:bool kind:string metadata:V1ObjectMeta stringData:string{} type:string',
  V1SecretEnvSource: 'name:string optional:bool',
  V1SecretKeySelector: 'key:string name:string optional:bool',
  V1SecretProjection: 'items:V1KeyToPath[] name:string optional:bool',
  V1SecretReference: 'name:string namespace:string',
  V1SecretVolumeSource: 'defaultMode:int items:V1KeyToPath[] optional:bool secretName:string',
  V1SecurityContext:
    'allowPrivilegeEscalation:bool appArmorProfile:V1AppArmorProfile capabilities:V1Capabilities privileged:bool procMount:string readOnlyRootFilesystem:bool runAsGroup:int runAsNonRoot:bool runAsUser:int seLinuxOptions:V1SELinuxOptions seccompProfile:V1SeccompProfile windowsOptions:V1WindowsSecurityContextOptions',
  V1SelectableField: 'jsonPath:string',
  V1SelfSubjectAccessReview:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1SelfSubjectAccessReviewSpec status:V1SubjectAccessReviewStatus',
  V1SelfSubjectAccessReviewSpec:
    'nonResourceAttributes:V1NonResourceAttributes resourceAttributes:V1ResourceAttributes',
  V1SelfSubjectReview: 'apiVersion:string kind:string metadata:V1ObjectMeta status:V1SelfSubjectReviewStatus',
  V1SelfSubjectReviewStatus: 'userInfo:V1UserInfo',
  V1SelfSubjectRulesReview:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1SelfSubjectRulesReviewSpec status:V1SubjectRulesReviewStatus',
  V1SelfSubjectRulesReviewSpec: 'namespace:string',
  V1Service: 'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1ServiceSpec status:V1ServiceStatus',
  V1ServiceAccount:
    'apiVersion:string automountServiceAccountToken:bool imagePullSecrets:V1LocalObjectReference[] kind:string metadata:V1ObjectMeta secrets:V1ObjectReference[]',
  V1ServiceAccountTokenProjection: 'audience:string expirationSeconds:int path:string',
  V1ServicePort:
    'appProtocol:string name:string nodePort:int port:int protocol:string targetPort:intOrString',
  V1ServiceSpec:
    'allocateLoadBalancerNodePorts:bool clusterIP:string clusterIPs:string[] externalIPs:string[] externalName:string externalTrafficPolicy:string healthCheckNodePort:int internalTrafficPolicy:string ipFamilies:string[] ipFamilyPolicy:string loadBalancerClass:string loadBalancerIP:string loadBalancerSourceRanges:string[] ports:V1ServicePort[] publishNotReadyAddresses:bool selector:string{} sessionAffinity:string sessionAffinityConfig:V1SessionAffinityConfig trafficDistribution:string type:string',
  V1ServiceStatus: 'conditions:V1Condition[] loadBalancer:V1LoadBalancerStatus',
  V1SessionAffinityConfig: 'clientIP:V1ClientIPConfig',
  V1SleepAction: 'seconds:int',
  V1StatefulSet:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1StatefulSetSpec status:V1StatefulSetStatus',
  V1StatefulSetCondition: 'lastTransitionTime:time message:string reason:string status:string type:string',
  V1StatefulSetOrdinals: 'start:int',
  V1StatefulSetPersistentVolumeClaimRetentionPolicy: 'whenDeleted:string whenScaled:string',
  V1StatefulSetSpec:
    'minReadySeconds:int ordinals:V1StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:V1StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:string replicas:int revisionHistoryLimit:int selector:V1LabelSelector serviceName:string template:V1PodTemplateSpec updateStrategy:V1StatefulSetUpdateStrategy volumeClaimTemplates:V1PersistentVolumeClaim[]',
  V1StatefulSetStatus:
    'availableReplicas:int collisionCount:int conditions:V1StatefulSetCondition[] currentReplicas:int currentRevision:string observedGeneration:int readyReplicas:int replicas:int updateRevision:string updatedReplicas:int',
  V1StatefulSetUpdateStrategy: 'rollingUpdate:V1RollingUpdateStatefulSetStrategy type:string',
  V1StorageClass:
    'allowVolumeExpansion:bool allowedTopologies:V1TopologySelectorTerm[] apiVersion:string kind:string metadata:V1ObjectMeta mountOptions:string[] parameters:string{} provisioner:string reclaimPolicy:string volumeBindingMode:string',
  V1StorageOSPersistentVolumeSource:
    'fsType:string readOnly:bool secretRef:V1ObjectReference volumeName:string volumeNamespace:string',
  V1StorageOSVolumeSource:
    'fsType:string readOnly:bool secretRef:V1LocalObjectReference volumeName:string volumeNamespace:string',
  V1SubjectAccessReview:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1SubjectAccessReviewSpec status:V1SubjectAccessReviewStatus',
  V1SubjectAccessReviewSpec:
    'extra:string[]{} groups:string[] nonResourceAttributes:V1NonResourceAttributes resourceAttributes:V1ResourceAttributes uid:string user:string',
  V1SubjectAccessReviewStatus: 'allowed:bool denied:bool evaluationError:string reason:string',
  V1SubjectRulesReviewStatus:
    'evaluationError:string incomplete:bool nonResourceRules:V1NonResourceRule[] resourceRules:V1ResourceRule[]',
  V1SuccessPolicy: 'rules:V1SuccessPolicyRule[]',
  V1SuccessPolicyRule: 'succeededCount:int succeededIndexes:string',
  V1Sysctl: 'name:string value:string',
  V1TCPSocketAction: 'host:string port:intOrString',
  V1Taint: 'effect:string key:string timeAdded:time value:string',
  V1TokenRequestSpec: 'audiences:string[] boundObjectRef:V1BoundObjectReference expirationSeconds:int',
  V1TokenRequestStatus: 'expirationTimestamp:time token:string',
  V1TokenReview:
    'apiVersion:string kind:string metadata:V1ObjectMeta spec:V1TokenReviewSpec status:V1TokenReviewStatus',
  V1TokenReviewSpec: 'audiences:string[] token:string',
  V1TokenReviewStatus: 'audiences:string[] authenticated:bool error:string user:V1UserInfo',
  V1Toleration: 'effect:string key:string operator:string tolerationSeconds:int value:string',
  V1TopologySelectorLabelRequirement: 'key:string values:string[]',
  V1TopologySelectorTerm: 'matchLabelExpressions:V1TopologySelectorLabelRequirement[]',
  V1TopologySpreadConstraint:
    'labelSelector:V1LabelSelector matchLabelKeys:string[] maxSkew:int minDomains:int nodeAffinityPolicy:string nodeTaintsPolicy:string topologyKey:string whenUnsatisfiable:string',
  V1TypedLocalObjectReference: 'apiGroup:string kind:string name:string',
  V1TypedObjectReference: 'apiGroup:string kind:string name:string namespace:string',
  V1UncountedTerminatedPods: 'failed:string[] succeeded:string[]',
  V1UserInfo: 'extra:string[]{} groups:string[] uid:string username:string',
  V1ValidatingWebhook:
    'admissionReviewVersions:string[] clientConfig:AdmissionregistrationV1WebhookClientConfig failurePolicy:string matchConditions:V1MatchCondition[] matchPolicy:string name:string namespaceSelector:V1LabelSelector objectSelector:V1LabelSelector rules:V1RuleWithOperations[] sideEffects:string timeoutSeconds:int',
  V1ValidatingWebhookConfiguration:
    'apiVersion:string kind:string metadata:V1ObjectMeta webhooks:V1ValidatingWebhook[]',
  V1ValidationRule:
    'fieldPath:string message:string messageExpression:string optionalOldSelf:bool reason:string rule:string',
  V1Volume:
    'awsElasticBlockStore:V1AWSElasticBlockStoreVolumeSource azureDisk:V1AzureDiskVolumeSource azureFile:V1AzureFileVolumeSource cephfs:V1CephFSVolumeSource cinder:V1CinderVolumeSource configMap:V1ConfigMapVolumeSource csi:V1CSIVolumeSource downwardAPI:V1DownwardAPIVolumeSource emptyDir:V1EmptyDirVolumeSource ephemeral:V1EphemeralVolumeSource fc:V1FCVolumeSource flexVolume:V1FlexVolumeSource flocker:V1FlockerVolumeSource gcePersistentDisk:V1GCEPersistentDiskVolumeSource gitRepo:V1GitRepoVolumeSource glusterfs:V1GlusterfsVolumeSource hostPath:V1HostPathVolumeSource image:V1ImageVolumeSource iscsi:V1ISCSIVolumeSource name:string nfs:V1NFSVolumeSource persistentVolumeClaim:V1PersistentVolumeClaimVolumeSource photonPersistentDisk:V1PhotonPersistentDiskVolumeSource portworxVolume:V1PortworxVolumeSource projected:V1ProjectedVolumeSource quobyte:V1QuobyteVolumeSource rbd:V1RBDVolumeSource scaleIO:V1ScaleIOVolumeSource secret:V1SecretVolumeSource storageos:V1StorageOSVolumeSource vsphereVolume:V1VsphereVirtualDiskVolumeSource',
  V1VolumeDevice: 'devicePath:string name:string',
  V1VolumeMount:
    'mountPath:string mountPropagation:string name:string readOnly:bool recursiveReadOnly:string subPath:string subPathExpr:string',
  V1VolumeMountStatus:
    'mountPath:string name:string readOnly:bool recursiveReadOnly:string volumeStatus:V1VolumeStatus',
  V1VolumeNodeAffinity: 'required:V1NodeSelector',
  V1VolumeProjection:
    'clusterTrustBundle:V1ClusterTrustBundleProjection configMap:V1ConfigMapProjection downwardAPI:V1DownwardAPIProjection podCertificate:V1PodCertificateProjection secret:V1SecretProjection serviceAccountToken:V1ServiceAccountTokenProjection',
  V1VolumeResourceRequirements: 'limits:quantity{} requests:quantity{}',
  V1VolumeStatus: 'image:V1ImageVolumeStatus',
  V1VsphereVirtualDiskVolumeSource:
    'fsType:string storagePolicyID:string storagePolicyName:string volumePath:string',
  V1WebhookConversion: 'clientConfig:ApiextensionsV1WebhookClientConfig conversionReviewVersions:string[]',
  V1WeightedPodAffinityTerm: 'podAffinityTerm:V1PodAffinityTerm weight:int',
  V1WindowsSecurityContextOptions:
    'gmsaCredentialSpec:string gmsaCredentialSpecName:string hostProcess:bool runAsUserName:string',
}
