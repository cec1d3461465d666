/**
 * Shapes of the built-in kinds for OpenAPI: what `kubectl explain` prints. Each type is one line of `name:type` pairs;
 * `[]` after a type is a list, `{}` a map, `*` before a name means required. Scalars: string, int, bool, time, quantity,
 * intOrString, any (an object of any content).
 */
export const builtinTypes: Readonly<Record<string, readonly [description: string, fields: string]>> = {
  Pod: ['Pod is a collection of containers that run on one node.', 'spec:PodSpec status:PodStatus'],
  PodSpec: [
    'PodSpec describes the containers of a pod and how they run.',
    '*containers:Container[] initContainers:Container[] volumes:Volume[] nodeName:string nodeSelector:string{} restartPolicy:string serviceAccountName:string terminationGracePeriodSeconds:int activeDeadlineSeconds:int hostNetwork:bool hostname:string subdomain:string affinity:any tolerations:any[] securityContext:any imagePullSecrets:any[] dnsPolicy:string schedulerName:string priorityClassName:string readinessGates:any[] topologySpreadConstraints:any[] shareProcessNamespace:bool enableServiceLinks:bool',
  ],
  Container: [
    'Container is one program of a pod.',
    '*name:string image:string command:string[] args:string[] workingDir:string env:EnvVar[] envFrom:any[] ports:ContainerPort[] resources:ResourceRequirements volumeMounts:VolumeMount[] livenessProbe:Probe readinessProbe:Probe startupProbe:Probe lifecycle:any imagePullPolicy:string restartPolicy:string securityContext:any terminationMessagePath:string terminationMessagePolicy:string tty:bool stdin:bool',
  ],
  EnvVar: ['EnvVar is one variable of a container.', '*name:string value:string valueFrom:any'],
  ContainerPort: [
    'ContainerPort is one port of a container.',
    'name:string *containerPort:int protocol:string hostPort:int hostIP:string',
  ],
  ResourceRequirements: [
    'ResourceRequirements are the compute resources of a container.',
    'limits:quantity{} requests:quantity{} claims:any[]',
  ],
  VolumeMount: [
    'VolumeMount places a volume in a container.',
    '*name:string *mountPath:string readOnly:bool subPath:string',
  ],
  Volume: [
    'Volume is storage that containers of a pod may mount.',
    '*name:string persistentVolumeClaim:any configMap:any secret:any emptyDir:any projected:any hostPath:any',
  ],
  Probe: [
    'Probe is a check of a container.',
    'exec:any httpGet:any tcpSocket:any grpc:any initialDelaySeconds:int periodSeconds:int timeoutSeconds:int successThreshold:int failureThreshold:int',
  ],
  PodStatus: [
    'PodStatus is what is known of a pod; it may trail the pod itself.',
    'phase:string reason:string message:string conditions:Condition[] podIP:string podIPs:any[] hostIP:string startTime:time qosClass:string initContainerStatuses:ContainerStatus[] containerStatuses:ContainerStatus[]',
  ],
  ContainerStatus: [
    'ContainerStatus is what is known of one container.',
    '*name:string *image:string *imageID:string containerID:string *ready:bool started:bool *restartCount:int state:any lastState:any',
  ],
  Condition: [
    'Condition is one aspect of the state of an object.',
    '*type:string *status:string reason:string message:string lastTransitionTime:time lastProbeTime:time observedGeneration:int',
  ],
  PodTemplateSpec: ['PodTemplateSpec is what pods are made from.', 'metadata:ObjectMeta spec:PodSpec'],
  LabelSelector: [
    'LabelSelector selects objects by their labels.',
    'matchLabels:string{} matchExpressions:any[]',
  ],
  Service: ['Service is a stable address for a set of pods.', 'spec:ServiceSpec status:any'],
  ServiceSpec: [
    'ServiceSpec describes how a service is reached.',
    'type:string selector:string{} clusterIP:string clusterIPs:string[] ports:ServicePort[] publishNotReadyAddresses:bool externalName:string externalIPs:string[] sessionAffinity:string ipFamilies:string[] ipFamilyPolicy:string internalTrafficPolicy:string',
  ],
  ServicePort: [
    'ServicePort is one port of a service.',
    'name:string protocol:string *port:int targetPort:intOrString nodePort:int appProtocol:string',
  ],
  ConfigMap: ['ConfigMap holds configuration for pods.', 'data:string{} binaryData:string{} immutable:bool'],
  Secret: ['Secret holds confidential data.', 'type:string data:string{} stringData:string{} immutable:bool'],
  ServiceAccount: [
    'ServiceAccount is an identity for the processes of pods.',
    'secrets:any[] imagePullSecrets:any[] automountServiceAccountToken:bool',
  ],
  Namespace: ['Namespace is a scope for names.', 'spec:any status:NamespaceStatus'],
  NamespaceStatus: ['NamespaceStatus is the phase of a namespace.', 'phase:string conditions:Condition[]'],
  Node: ['Node is a worker of the cluster.', 'spec:NodeSpec status:NodeStatus'],
  NodeSpec: [
    'NodeSpec describes a node.',
    'podCIDR:string podCIDRs:string[] providerID:string unschedulable:bool taints:any[]',
  ],
  NodeStatus: [
    'NodeStatus is what is known of a node.',
    'addresses:any[] capacity:quantity{} allocatable:quantity{} conditions:Condition[] nodeInfo:any daemonEndpoints:any images:any[] phase:string',
  ],
  Event: [
    'Event reports something that happened to an object.',
    '*involvedObject:ObjectReference type:string reason:string message:string count:int firstTimestamp:time lastTimestamp:time eventTime:time action:string source:any reportingComponent:string reportingInstance:string series:any related:any',
  ],
  ObjectReference: [
    'ObjectReference names an object, or a part of one.',
    'apiVersion:string kind:string namespace:string name:string uid:string resourceVersion:string fieldPath:string',
  ],
  PersistentVolumeClaim: [
    'PersistentVolumeClaim asks for a volume.',
    'spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus',
  ],
  PersistentVolumeClaimSpec: [
    'PersistentVolumeClaimSpec describes the wanted volume.',
    'accessModes:string[] resources:ResourceRequirements storageClassName:string volumeName:string volumeMode:string selector:LabelSelector dataSource:any dataSourceRef:any volumeAttributesClassName:string',
  ],
  PersistentVolumeClaimStatus: [
    'PersistentVolumeClaimStatus is what is known of a claim.',
    'phase:string accessModes:string[] capacity:quantity{} conditions:Condition[]',
  ],
  PersistentVolume: ['PersistentVolume is storage in the cluster.', 'spec:PersistentVolumeSpec status:any'],
  PersistentVolumeSpec: [
    'PersistentVolumeSpec describes a volume.',
    'accessModes:string[] capacity:quantity{} claimRef:ObjectReference persistentVolumeReclaimPolicy:string storageClassName:string volumeMode:string hostPath:any csi:any nodeAffinity:any',
  ],
  StatefulSet: [
    'StatefulSet keeps pods with stable names and storage.',
    'spec:StatefulSetSpec status:StatefulSetStatus',
  ],
  StatefulSetSpec: [
    'StatefulSetSpec describes the pods of a stateful set.',
    'replicas:int *selector:LabelSelector serviceName:string *template:PodTemplateSpec volumeClaimTemplates:PersistentVolumeClaim[] podManagementPolicy:string updateStrategy:any revisionHistoryLimit:int minReadySeconds:int persistentVolumeClaimRetentionPolicy:any ordinals:any',
  ],
  StatefulSetStatus: [
    'StatefulSetStatus is what is known of a stateful set.',
    'observedGeneration:int *replicas:int readyReplicas:int currentReplicas:int updatedReplicas:int availableReplicas:int currentRevision:string updateRevision:string collisionCount:int conditions:Condition[]',
  ],
  Deployment: ['Deployment keeps a number of equal pods.', 'spec:DeploymentSpec status:DeploymentStatus'],
  DeploymentSpec: [
    'DeploymentSpec describes the pods of a deployment.',
    'replicas:int *selector:LabelSelector *template:PodTemplateSpec strategy:any minReadySeconds:int revisionHistoryLimit:int paused:bool progressDeadlineSeconds:int',
  ],
  DeploymentStatus: [
    'DeploymentStatus is what is known of a deployment.',
    'observedGeneration:int replicas:int readyReplicas:int updatedReplicas:int availableReplicas:int unavailableReplicas:int conditions:Condition[]',
  ],
  Job: ['Job runs pods until enough of them succeed.', 'spec:JobSpec status:JobStatus'],
  JobSpec: [
    'JobSpec describes the pods of a job.',
    'parallelism:int completions:int activeDeadlineSeconds:int backoffLimit:int ttlSecondsAfterFinished:int suspend:bool completionMode:string selector:LabelSelector manualSelector:bool *template:PodTemplateSpec podFailurePolicy:any podReplacementPolicy:string',
  ],
  JobStatus: [
    'JobStatus is what is known of a job.',
    'conditions:Condition[] startTime:time completionTime:time active:int succeeded:int failed:int ready:int terminating:int',
  ],
  Lease: ['Lease is a claim that its holder renews.', 'spec:LeaseSpec'],
  LeaseSpec: [
    'LeaseSpec describes a lease.',
    'holderIdentity:string leaseDurationSeconds:int acquireTime:time renewTime:time leaseTransitions:int strategy:string preferredHolder:string',
  ],
  EndpointSlice: [
    'EndpointSlice is a part of the endpoints of a service.',
    '*addressType:string *endpoints:any[] ports:any[]',
  ],
  CustomResourceDefinition: [
    'CustomResourceDefinition adds a kind to the API.',
    '*spec:CustomResourceDefinitionSpec status:any',
  ],
  CustomResourceDefinitionSpec: [
    'CustomResourceDefinitionSpec describes the added kind.',
    '*group:string *names:any *scope:string *versions:any[] conversion:any preserveUnknownFields:bool',
  ],
  Endpoints: ['Endpoints are the addresses behind a service.', 'subsets:any[]'],
  ReplicaSet: ['ReplicaSet keeps a number of equal pods.', 'spec:ReplicaSetSpec status:ReplicaSetStatus'],
  ReplicaSetSpec: [
    'ReplicaSetSpec describes the pods of a replica set.',
    'replicas:int *selector:LabelSelector template:PodTemplateSpec minReadySeconds:int',
  ],
  ReplicaSetStatus: [
    'ReplicaSetStatus is what is known of a replica set.',
    'observedGeneration:int *replicas:int readyReplicas:int availableReplicas:int fullyLabeledReplicas:int conditions:Condition[]',
  ],
  StorageClass: [
    'StorageClass describes a kind of storage.',
    '*provisioner:string parameters:string{} reclaimPolicy:string volumeBindingMode:string allowVolumeExpansion:bool mountOptions:string[] allowedTopologies:any[]',
  ],
  Role: ['Role is a set of permissions in a namespace.', 'rules:PolicyRule[]'],
  ClusterRole: [
    'ClusterRole is a set of permissions in the cluster.',
    'rules:PolicyRule[] aggregationRule:any',
  ],
  PolicyRule: [
    'PolicyRule is one permission.',
    '*verbs:string[] apiGroups:string[] resources:string[] resourceNames:string[] nonResourceURLs:string[]',
  ],
  RoleBinding: ['RoleBinding gives a role to subjects in a namespace.', '*roleRef:any subjects:any[]'],
  ClusterRoleBinding: [
    'ClusterRoleBinding gives a role to subjects in the cluster.',
    '*roleRef:any subjects:any[]',
  ],
  ObjectMeta: [
    'ObjectMeta is what every object has.',
    'name:string generateName:string namespace:string uid:string resourceVersion:string generation:int creationTimestamp:time deletionTimestamp:time deletionGracePeriodSeconds:int labels:string{} annotations:string{} finalizers:string[] ownerReferences:any[] managedFields:any[]',
  ],
}
