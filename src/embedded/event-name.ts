let serial = 0n

/**
 * Name of a new event about an object, as client-go makes it: the object's name and nanoseconds in hex. The last six digits
 * are counted by all recorders together: on a simulated clock several of them speak of one object within one millisecond, and
 * a name that is taken loses the event.
 */
export function eventName(about: string, at: Date): string {
  serial += 1n
  return `${about}.${(BigInt(at.getTime()) * 1_000_000n + (serial % 1_000_000n)).toString(16)}`
}
