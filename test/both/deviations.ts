/** A row of the kubectl table whose output differs by design. */
export interface Deviation {
  readonly line: string
  readonly reason: string
}

export const deviations: readonly Deviation[] = [
  {
    line: 'get svc kubernetes -n default -o name',
    reason: 'no pod of the simulated node runs a program that would ask it',
  },
]
