/** Kinds of chaos that a template can hold, and the field that holds them: it is not always the kind in camel case. */
export const chaosFields = {
  AWSChaos: 'awsChaos',
  AzureChaos: 'azureChaos',
  BlockChaos: 'blockChaos',
  DNSChaos: 'dnsChaos',
  GCPChaos: 'gcpChaos',
  HTTPChaos: 'httpChaos',
  IOChaos: 'ioChaos',
  JVMChaos: 'jvmChaos',
  KernelChaos: 'kernelChaos',
  NetworkChaos: 'networkChaos',
  PhysicalMachineChaos: 'physicalmachineChaos',
  PodChaos: 'podChaos',
  StressChaos: 'stressChaos',
  TimeChaos: 'timeChaos',
} as const

export type ChaosTemplateType = keyof typeof chaosFields

/** Whether templates of this type hold a fault. */
export function isChaosType(type: string): type is ChaosTemplateType {
  return Object.hasOwn(chaosFields, type)
}
