/** `npm run instance:image`: makes `matrixos-instance:latest`, or the tag that is given, on the engine in use. */
import { buildInstanceImage } from '../apps/supervisor/src/instance-image/build.ts'

if (import.meta.main) {
  const [tag] = process.argv.slice(2)
  try {
    await buildInstanceImage({ ...(tag ? { tag } : {}), log: (line) => process.stdout.write(`${line}\n`) })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
