import { resolve } from 'node:path'
import type { ImageCommands } from '../contract/embedded.ts'

/** The commands with each word that begins with `./` or `../` made absolute: they run in folders of their own. */
export function atFolder(images: ImageCommands, folder: string): ImageCommands {
  const absolute = (word: string): string => (/^\.\.?\//.test(word) ? resolve(folder, word) : word)
  return Object.fromEntries(Object.entries(images).map(([image, words]) => [image, words.map(absolute)]))
}
