/** The image of an instance whose owner is an attacker. */
import { randomBytes } from 'node:crypto'
import { engine } from '../../support/test-engine.ts'

export interface HostileImage {
  tag: string
  [Symbol.asyncDispose]: () => Promise<void>
}

export async function buildHostileImage(): Promise<HostileImage> {
  const docker = engine()
  const tag = `mos-hostile:${randomBytes(4).toString('hex')}`
  const context = { context: import.meta.dirname, src: ['Dockerfile', 'instance.ts'] }
  const progress = await docker.buildImage(context, { t: tag })
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
  )
  return {
    tag,
    [Symbol.asyncDispose]: () => docker.getImage(tag).remove({ force: true }),
  }
}
