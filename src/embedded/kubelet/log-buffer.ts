/** One line of a container's log. */
export interface LogLine {
  readonly at: Date
  readonly text: string
}

export interface LogQuery {
  readonly tailLines?: number | undefined
  readonly sinceMs?: number | undefined
}

/** Log of one run of a container. */
export interface LogBuffer {
  append(text: string): void
  /** No line comes after this; followers end. */
  end(): void
  read(query?: LogQuery): LogLine[]
  /** Calls back for each later line, and once at the end. Returns the way to stop. */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void
}

/** Lines kept of one simulated run. */
const kept = 10_000

/** Keeps the last lines: those of the last `keptBytes`, where that is given, else 10 000. */
export function createLogBuffer(now: () => Date, keptBytes?: number): LogBuffer {
  const lines: LogLine[] = []
  let size = 0
  const followers = new Map<(line: LogLine) => void, () => void>()
  let ended = false
  return {
    append(text) {
      if (ended) return
      const at = now()
      for (const part of text.split('\n')) {
        const line = { at, text: part }
        lines.push(line)
        for (const onLine of followers.keys()) onLine(line)
      }
      // In steps, so that the cost of moving the array is paid seldom.
      if (keptBytes === undefined) {
        if (lines.length > kept * 1.25) lines.splice(0, lines.length - kept)
        return
      }
      size += text.length + 1
      if (size > keptBytes * 1.25) size -= dropUntil(lines, size - keptBytes)
    },
    end() {
      ended = true
      for (const onEnd of followers.values()) onEnd()
      followers.clear()
    },
    read({ tailLines, sinceMs } = {}) {
      const since = sinceMs === undefined ? lines : lines.filter((line) => line.at.getTime() >= sinceMs)
      if (tailLines === undefined) return [...since]
      return tailLines === 0 ? [] : since.slice(-tailLines)
    },
    follow(onLine, onEnd) {
      if (ended) {
        onEnd()
        return () => undefined
      }
      followers.set(onLine, onEnd)
      return () => followers.delete(onLine)
    },
  }
}

/** Drops lines from the front until `surplus` characters are gone, the last line excepted; returns how many went. */
function dropUntil(lines: LogLine[], surplus: number): number {
  let dropped = 0
  let count = 0
  while (dropped < surplus && count < lines.length - 1) {
    dropped += (lines[count]?.text.length ?? 0) + 1
    count += 1
  }
  lines.splice(0, count)
  return dropped
}
