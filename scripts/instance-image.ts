/** `npm run instance:image`: makes one of the reference instance's images on the engine in use. */
import { parseArgs } from 'node:util'
import { showError, UserError } from '@matrixos/host/root'
import { INSTANCE_IMAGES } from '@matrixos/shared'
import { buildInstanceImage } from '../apps/supervisor/src/instance-image/build.ts'

const USAGE = `Usage: npm run instance:image [-- [slim|full] [TAG] [--fresh]]

  slim      Node, a shell and core tools; the default                       (${INSTANCE_IMAGES.slim})
  full      Debian with git, Python, a compiler and npm; needs root          (${INSTANCE_IMAGES.full})
  TAG       another name for it
  --fresh   fetches Debian's packages anew, for the fixes published since the last time`

async function main(args: string[]): Promise<void> {
  const { values, positionals } = readArgs(args)
  if (values.help) return console.log(USAGE)
  const [first, ...rest] = positionals
  const kind = first === 'full' ? 'full' : 'slim'
  const [tag, ...others] = first === kind ? rest : positionals
  if (others.length > 0) throw new UserError(`One image at a time.\n\n${USAGE}`)
  await buildInstanceImage({
    kind,
    ...(tag ? { tag } : {}),
    isFresh: values.fresh ?? false,
    log: (line) => console.log(line),
  })
}

function readArgs(args: string[]) {
  try {
    const options = { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
}

main(process.argv.slice(2)).catch(showError)
