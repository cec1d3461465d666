import { accessSync, constants, statSync } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'
import type { Container } from '../../../../contract/objects.ts'
import type { ImageCommands } from '../../../../contract/embedded.ts'
import { imageReference, isSeitask, seitaskNames } from '../../../../contract/image-reference.ts'
import { ownCli } from '../../../own-cli.ts'

/** What an image stands for on this machine. */
export interface Program {
  /** What `args` are added to where the container has no `command`. */
  readonly entrypoint: readonly string[]
  /** Used where the container has neither. */
  readonly args: readonly string[]
  /** Commands that only this image has, by the last part of their path. */
  readonly own: ReadonlyMap<string, readonly string[]>
  /** Whether `/tmp` is its own folder: scripts write there by that name. */
  readonly ownTmp: boolean
  readonly env: Readonly<Record<string, string>>
}

const none: ReadonlyMap<string, readonly string[]> = new Map()

function tool(entrypoint: readonly string[], args: readonly string[] = []): Program {
  return { entrypoint, args, own: none, ownTmp: true, env: {} }
}

const shell = tool([], ['sh'])

/** By the end of their repository: images of shells and of tools that a machine has as well. */
const tools: ReadonlyMap<string, Program> = new Map([
  ['alpine', shell],
  ['bash', tool([], ['bash'])],
  ['busybox', shell],
  ['debian', shell],
  ['sh', shell],
  ['ubuntu', shell],
  ['alpine/k8s', shell],
  ['alpine/curl', tool(['curl'])],
  ['curlimages/curl', tool(['curl'])],
  ['kubectl', tool(['kubectl'])],
])

/** The program of an image: of the user's map, else of ours; undefined for an image that stands for nothing here. */
export function programOf(image: string, commands: ImageCommands): Program | undefined {
  const mapped = mappedCommand(image, commands)
  const { repository, name } = imageReference(image)
  if (mapped !== undefined)
    return { ...tool(mapped), ownTmp: false, env: isSeitask(image) ? seitask().env : {} }
  if (isSeitask(image)) return seitask()
  return tools.get(repository.split('/').slice(-2).join('/')) ?? tools.get(name)
}

/** What the user's map says of an image: by its whole reference, else by its repository. */
export function mappedCommand(image: string, commands: ImageCommands): readonly string[] | undefined {
  const { repository } = imageReference(image)
  for (const name of [image, repository]) if (Object.hasOwn(commands, name)) return commands[name]
  return undefined
}

function seitask(): Program {
  const { command, root } = ownCli()
  const own = new Map(seitaskNames.map((name) => [name, command]))
  return { entrypoint: command, args: [], own, ownTmp: false, env: { SEITASK_ROOT: root } }
}

/** The words to execute, before references in them are resolved: `command` replaces the entry point, and with it the image's own arguments. */
export function wordsOf({ entrypoint, args }: Program, container: Container): readonly string[] {
  const { command = [], args: given = [] } = container
  if (command.length > 0) return [...command, ...given]
  return [...entrypoint, ...(given.length > 0 ? given : args)]
}

/** The words with the program in them found on this machine; undefined where there is no such program. */
export function locate({ own }: Program, words: readonly string[], path: string): string[] | undefined {
  const [command = '', ...rest] = words
  const ours = own.get(basename(command))
  if (ours !== undefined) return [...ours, ...rest]
  const found = findProgram(command, path)
  return found === undefined ? undefined : [found, ...rest]
}

function findProgram(command: string, path: string): string | undefined {
  if (isAbsolute(command)) return isProgram(command) ? command : undefined
  if (command === '' || command.includes('/')) return undefined
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, command))
    .find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
