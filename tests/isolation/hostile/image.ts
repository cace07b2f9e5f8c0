/** The image of an instance whose owner has tools to get out with: Perl, which makes any call to the kernel. */
import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyProgram } from '../../../apps/api/src/drivers/runtime/testing/docker-image.ts'
import { engine } from '../../support/test-engine.ts'

const SETUID_ROOT = 0o4755

export interface HostileImage extends AsyncDisposable {
  tag: string
}

export async function buildHostileImage(): Promise<HostileImage> {
  const docker = engine()
  const tag = `mos-isolation:${randomBytes(4).toString('hex')}`
  const context = await mkdtemp(join(tmpdir(), 'mos-isolation-'))
  const root = join(context, 'root')
  try {
    await copyProgram('/usr/bin/perl', root)
    await mkdir(join(root, 'opt/hostile'), { recursive: true })
    await cp(join(root, 'usr/bin/perl'), join(root, 'opt/hostile/setuid-perl'))
    await chmod(join(root, 'opt/hostile/setuid-perl'), SETUID_ROOT)
    await cp(join(import.meta.dirname, 'instance.ts'), join(root, 'opt/hostile/instance.mts'))
    await cp(join(import.meta.dirname, 'Dockerfile'), join(context, 'Dockerfile'))
    const progress = await docker.buildImage({ context, src: ['Dockerfile', 'root'] }, { t: tag })
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
    )
  } finally {
    await rm(context, { recursive: true })
  }
  return {
    tag,
    [Symbol.asyncDispose]: () => docker.getImage(tag).remove({ force: true }),
  }
}
