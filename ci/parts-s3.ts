/**
 * Builds the S3 server that `npm run test:s3` tests uploads against, from its Go module, unless it is there already:
 *
 *   npm run parts:s3
 *
 * It goes beside the other parts, into the user's cache (`SEI_PARTS` moves it); the path of its folder is the last line.
 * Needs Go and its module proxy, the first time for some minutes. Fails with one line.
 */
import { orOneLine, provide, say } from './parts/go-programs.ts'
import { s3Server, s3ServerFolder } from './parts/s3-server.ts'

await orOneLine(async () => {
  const { module, version, program } = s3Server
  const folder = s3ServerFolder(process.env)
  const programs = { [program]: `${module}/cmd/${program}` }
  await provide(folder, [{ module, version, programs, variables: {} }], 'install Go')
  say(folder)
})
