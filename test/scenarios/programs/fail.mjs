// Fails as its first argument says.
const [how = ''] = process.argv.slice(2)
console.log(`about to end by ${how}`)
switch (how) {
  case 'exit-1':
    process.exit(1)
  case 'exit-2':
    process.exit(2)
  case 'killed-137':
    process.kill(process.pid, 'SIGKILL')
    break
  case 'late-0':
    // Longer than any deadline that a cell gives; then as if all were well. Nor does a polite word stop it.
    process.on('SIGTERM', () => console.log('SIGTERM, and goes on'))
    setTimeout(() => process.exit(0), 30_000)
    break
  case 'log-5mb': {
    const line = `${'x'.repeat(1023)}\n`
    const write = (left) => {
      if (left === 0) process.exit(1)
      process.stdout.write(line.repeat(64), () => write(left - 64))
    }
    write(5 * 1024)
    break
  }
  default:
    process.exit(0)
}
