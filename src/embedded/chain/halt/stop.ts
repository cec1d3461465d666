import { sha256Hex } from '../encoding.ts'
import type { SeidLog } from '../log.ts'
import type { UpgradePlan } from '../messages.ts'
import type { NodeHello, SeidConfig, SeidFaults } from '../types.ts'
import { upgradeTexts, type NodeHalt, type UpgradeHalt } from '../upgrade/decide.ts'
import type { HaltIntent } from './intent.ts'
import { panicLines } from './panic.ts'

export interface StopOptions {
  readonly config: SeidConfig
  readonly halt: NodeHalt
  /** Whether the block is replayed by the handshake, before any server is up. */
  readonly during: 'consensus' | 'handshake'
  readonly log: SeidLog
  /** stderr */
  readonly write: (line: string) => void
  readonly now: Date
}

/** What becomes of a node at a block that it cannot execute. */
export interface Stop {
  /** Absent: the process stays, its consensus does not. */
  readonly exitCode?: number | undefined
  readonly intent?: HaltIntent | undefined
}

/** The block that an ordered fault makes fail, first of several. */
export function orderedFailure(faults: SeidFaults): NodeHello['failsAt'] {
  const { appHashDiffersAtHeight: differs, halt, zombieAtHeight: zombie } = faults
  const failures = [
    ...(zombie === undefined ? [] : [{ height: zombie, isStored: true, isShown: true }]),
    ...(differs === undefined ? [] : [{ height: differs, isStored: false, isShown: false }]),
    ...(halt === undefined ? [] : [{ height: halt.height, isStored: true, isShown: false }]),
  ]
  return failures.sort((a, b) => a.height - b.height)[0]
}

/** Says why, on stdout and stderr as seid does, and leaves `upgrade-info.json` where it is due. */
export function stopAt(options: StopOptions): Stop {
  const { config, halt } = options
  const { faults } = config
  if (halt.upgrade !== undefined) return stopForUpgrade(halt.upgrade, faults.haltContract === true, options)
  const { height } = orderedFailure(faults) ?? {}
  if (height !== undefined && height === faults.zombieAtHeight) return becomeZombie(options)
  if (height !== undefined && height === faults.appHashDiffersAtHeight) return panicOnHash(options)
  const { reason, isIntent, plan } = faults.halt ?? { reason: 70, isIntent: true, plan: '' }
  return stopForUpgrade(asOrdered(reason, { name: plan, height: halt.block, info: '' }), isIntent, options)
}

/** An ordered halt reads as the upgrade module's own; a reserved reason has no words there. */
function asOrdered(reason: number, plan: UpgradePlan): UpgradeHalt {
  const texts: Readonly<Record<number, (plan: UpgradePlan) => string>> = {
    70: upgradeTexts.needed,
    71: upgradeTexts.tooNew,
    72: upgradeTexts.downgrade,
  }
  return { reason, plan, text: texts[reason]?.(plan) ?? `halting on purpose: reason ${reason}` }
}

function stopForUpgrade(
  { reason, plan, text }: UpgradeHalt,
  isContract: boolean,
  { config, during, halt, log, now, write }: StopOptions,
): Stop {
  if (reason !== 72) log('error', 'cosmos/x/upgrade', text)
  if (reason === 70) {
    write(text)
    config.home.upgradeInfo = { ...plan, height: halt.block }
  }
  if (isContract) {
    const intent = {
      reason,
      planName: plan.name,
      height: plan.height,
      info: plan.info,
      announcedAt: now.toISOString(),
    }
    // Before its servers are up there is nothing to keep alive.
    return config.faults.staysAlive === true && during === 'consensus'
      ? { intent }
      : { exitCode: reason, intent }
  }
  log('error', 'app', 'upgrade panic detected, panicking to trigger upgrade', { panic: text })
  return panic(text, { during, log, write })
}

function panic(text: string, { during, log, write }: Pick<StopOptions, 'during' | 'log' | 'write'>): Stop {
  const lines = panicLines(text, during)
  if (during === 'consensus')
    log('error', 'tendermint/internal/consensus', 'CONSENSUS FAILURE!!!', {
      err: text,
      stack: lines.slice(2).join('\n'),
    })
  for (const line of lines) write(line)
  return { exitCode: 2 }
}

/** Any other panic of the application is caught, and the engine waits for ever for a block that cannot be applied. */
function becomeZombie({ config, during, halt, log, write }: StopOptions): Stop {
  const err = `panic in block ${halt.block}: ordered by fault zombie-at`
  log('error', 'app', 'panic recovered in ProcessBlock', { panic: err })
  if (during === 'handshake') {
    write(`error creating node: error during handshake: error on replay: ${err}`)
    return { exitCode: 1 }
  }
  log('error', 'tendermint/internal/consensus', 'failed to apply block', {
    err,
    height: config.home.height + 1,
  })
  return {}
}

function panicOnHash(options: StopOptions): Stop {
  const expected = sha256Hex(`${options.config.home.nodeId}|${options.halt.block}`)
  const got = sha256Hex(`${options.config.genesis.chainId}|${options.halt.block}`)
  const text = `+2/3 committed an invalid block: wrong Block.Header.AppHash.  Expected ${expected}, got ${got}`
  return panic(text, options)
}
