/** Images to upgrade to, made from the one that computers have: one that serves, and ones that do not. */
import { INSTANCE_IMAGES } from '@matrixos/shared'
import type Docker from 'dockerode'

const REPOSITORY = 'mos-upgrade-test'

const IS_USED = "existsSync('/home/matrixos/home/system')"
/** What only tries something has a name that nobody can have. */
const IS_SOMEBODYS = "!require('node:os').hostname().includes('--')"

/** Serves, unless that is so: then it ends on half of the computers, and hangs on the other half. */
const BREAKS_IF = (isBroken: string, program: string[]) => `
  const { existsSync } = require('node:fs')
  if (!(${isBroken})) {
    const child = require('node:child_process').spawn(${JSON.stringify(program[0])}, ${JSON.stringify(program.slice(1))}, { stdio: 'inherit' })
    process.on('SIGTERM', () => child.kill())
    child.on('exit', (code) => process.exit(code ?? 1))
  } else if (process.env.MATRIX_HANDLE.charCodeAt(6) % 2) process.exit(1)
  else setInterval(() => {}, 1000)`

/** Is ready, and ends after some seconds. */
const DIES = `
  require('node:http').createServer((_, response) => response.end('{"status":"ok"}')).listen(process.env.PORT)
  setTimeout(() => process.exit(3), 3000)`

export type NextImages = Awaited<ReturnType<typeof makeNextImages>>

/** `tag`: what their own tags begin with. */
export async function makeNextImages(docker: Docker, tag: string) {
  const base = await docker.getImage(INSTANCE_IMAGES.slim).inspect()
  const program = [...[base.Config.Entrypoint ?? []].flat(), ...(base.Config.Cmd ?? [])]
  const container = await docker.createContainer({ Image: INSTANCE_IMAGES.slim })
  const make = async (name: string, changes: string[]) => {
    await container.commit({ repo: REPOSITORY, tag: `${tag}-${name}`, changes: changes.join('\n') })
    return `${REPOSITORY}:${tag}-${name}`
  }
  const entrypoint = (...command: string[]) => [`ENTRYPOINT ${JSON.stringify(command)}`, 'CMD []']
  const node = program[0] ?? ''
  const images = {
    broken: await make('broken', entrypoint(node, '-e', 'process.exit(1)')),
    breaking: await make('breaking', entrypoint(node, '-e', BREAKS_IF(IS_USED, program))),
    /** Breaks on people's computers alone, and not with a copy of their home. */
    treacherous: await make(
      'treacherous',
      entrypoint(node, '-e', BREAKS_IF(`${IS_USED} && ${IS_SOMEBODYS}`, program)),
    ),
    dying: await make('dying', entrypoint(node, '-e', DIES)),
    good: await make('good', ['ENV UPGRADED=1']),
  }
  await container.remove()
  const remove = async () => {
    for (const image of Object.values(images)) await docker.getImage(image).remove({ force: true })
  }
  const idOf = async (image: string) => (await docker.getImage(image).inspect()).Id
  return { images, idOf, remove }
}
