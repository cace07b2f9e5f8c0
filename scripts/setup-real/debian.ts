/** Debian below the full instance image: made with debootstrap, kept at the Docker Engine. */
import { dockerAvailable, dockerHasImage } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration } from '@matrixos/host/run-command'
import { FULL_IMAGE_BASE } from '@matrixos/shared'
import { ensureDebian } from '../../apps/supervisor/src/instance-image/debian.ts'
import { createEngine } from '../../apps/supervisor/src/instance-image/engine.ts'
import type { PartSetup } from './report.ts'

export const debianSetup = (): PartSetup => ({
  part: 'Debian',
  use: 'the full instance image',
  advice: () => 'as root on Linux, with debootstrap: npm run instance:image -- full',
  isThere: () => dockerHasImage(FULL_IMAGE_BASE),
  install: async () => {
    if (!(await dockerAvailable())) throw new UserError('It is kept at the Docker Engine, which is not there')
    const startedMs = performance.now()
    const log = (line: string) => console.log(line)
    await ensureDebian({
      engine: createEngine(),
      node: process.execPath,
      now: new Date(),
      log,
      isFresh: false,
    })
    return `installed in ${duration(performance.now() - startedMs)}`
  },
})
