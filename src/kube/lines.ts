const newline = 0x0a

/**
 * Cuts a byte stream into lines, only at `\n`: U+2028, U+2029 and `\r` are ordinary content. Works on bytes, so that a
 * character split between two chunks stays whole. A last line without its end is dropped: the stream broke in it.
 */
export function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let held: Buffer[] = []
  return (chunk) => {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      let line = chunk.toString('utf8', start, end)
      if (held.length > 0) {
        line = Buffer.concat([...held, chunk.subarray(start, end)]).toString()
        held = []
      }
      start = end + 1
      if (line !== '') onLine(line)
    }
    if (start < chunk.length) held.push(chunk.subarray(start))
  }
}
