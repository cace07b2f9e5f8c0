/** Images to upgrade to, made from the one that computers have: one that serves, and ones that do not. */
import { INSTANCE_IMAGES } from '@matrixos/shared'
import type Docker from 'dockerode'

const REPOSITORY = 'mos-upgrade-test'

/** Serves an empty home and nothing else: half of the used ones end it, the other half it leaves hanging. */
const BREAKS_WITH_USED_HOMES = (program: string[]) => `
  const { existsSync } = require('node:fs')
  if (!existsSync('/home/matrixos/home/system')) {
    const child = require('node:child_process').spawn(${JSON.stringify(program[0])}, ${JSON.stringify(program.slice(1))}, { stdio: 'inherit' })
    process.on('SIGTERM', () => child.kill())
    child.on('exit', (code) => process.exit(code ?? 1))
  } else if (process.env.MATRIX_HANDLE.charCodeAt(6) % 2) process.exit(1)
  else setInterval(() => {}, 1000)`

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
    breaking: await make('breaking', entrypoint(node, '-e', BREAKS_WITH_USED_HOMES(program))),
    good: await make('good', ['ENV UPGRADED=1']),
  }
  await container.remove()
  const remove = async () => {
    for (const image of Object.values(images)) await docker.getImage(image).remove({ force: true })
  }
  const idOf = async (image: string) => (await docker.getImage(image).inspect()).Id
  return { images, idOf, remove }
}
