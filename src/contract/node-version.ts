/**
 * Imported first by every door: on a Node that is too old the import fails with one line, before anything else is
 * evaluated that would fail there in ways of its own. What runs here must run on any Node.
 */
const [major = 0] = process.versions.node.split('.').map(Number)

/** Oldest major version of Node that this package runs on; package.json's engines say the same. */
export const minimumNode = 24

if (major < minimumNode) {
  const message = `vitest-environment-sei needs Node ${minimumNode} or newer; this is ${process.versions.node}. Fix: install Node ${minimumNode}`
  process.on('exit', () => {
    process.exitCode = 64
  })
  const error = new Error(message)
  error.stack = message
  throw error
}
