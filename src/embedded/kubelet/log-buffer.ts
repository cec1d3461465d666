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

/** Lines kept of one run; a real kubelet rotates by size. */
const kept = 10_000

export function createLogBuffer(now: () => Date): LogBuffer {
  const lines: LogLine[] = []
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
      if (lines.length > kept * 1.25) lines.splice(0, lines.length - kept)
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
