/** Builds what the platform serves: the SPA, the instance's web shell and, for Docker, its image. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { ROOT, UserError } from '@matrixos/host/root'
import { type ImageKind, INSTANCE_IMAGES, imageKindOf } from '@matrixos/shared'
import type { Say } from '../part-life.ts'
import type { Settings } from '../settings.ts'
import { buildPlatform } from './platform.ts'

const IMAGE_PROGRAM = join(ROOT, 'scripts/instance-image.ts')

/**
 * An image of the reference instance, on the engine in use; nothing when it is there with this content. By a program of its own: what it
 * needs, the engine's client and Vite, would stay in this one for as long as the platform runs.
 */
export async function buildImage(say: Say, kind: ImageKind = 'slim'): Promise<void> {
  const child = spawn(process.execPath, [IMAGE_PROGRAM, kind], { stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const errors = text(child.stderr)
  for await (const line of createInterface({ input: child.stdout })) say('info', line)
  const [code] = await closed
  if (code !== 0) throw new UserError(`The instance image could not be built: ${(await errors).trim()}`)
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
