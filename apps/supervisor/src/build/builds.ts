/** Builds what the platform serves: the SPA, the instance's web shell and, for Docker, its image. */
import { UserError } from '@matrixos/host/root'
import { type ImageKind, INSTANCE_IMAGES, imageKindOf } from '@matrixos/shared'
import type { Say } from '../part-life.ts'
import type { Settings } from '../settings.ts'
import { buildPlatform } from './platform.ts'

/** An image of the reference instance, on the engine in use; nothing when it is there with this content. */
export async function buildImage(say: Say, kind: ImageKind = 'slim'): Promise<void> {
  const { buildInstanceImage } = await import('../instance-image/build.ts')
  try {
    await buildInstanceImage({ kind, log: (line) => say('info', line) })
  } catch (error) {
    throw new UserError(
      `The instance image could not be built: ${error instanceof Error ? error.message : error}`,
    )
  }
}

export async function buildForStart(options: {
  settings: Settings
  env: NodeJS.ProcessEnv
  say: Say
}): Promise<void> {
  const { settings, env, say } = options
  // An image has its pages, and its folders are not for writing.
  if (env.MATRIXOS_PREBUILT === '1') return
  await buildPlatform(say)
  if (settings.runtime !== 'docker') return
  // Any other image is the operator's own affair.
  const kind = imageKindOf(env.INSTANCE_IMAGE || INSTANCE_IMAGES.slim)
  if (kind) await buildImage(say, kind)
}
