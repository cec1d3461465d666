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
    // Longer than any deadline that a cell gives; asked to stop, it ends as if all were well.
    process.on('SIGTERM', () => process.exit(0))
    setTimeout(() => process.exit(0), 30_000)
    break
  case 'deaf-0':
    // As long, and no word stops it.
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
