/** Mounts images, and undoes it. */
import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isMissing } from '@matrixos/host/files'
import { AppError } from '../../../errors.ts'
import { readMounts } from '../mountinfo.ts'
import { runLocked, runShell, ToolError } from './run.ts'
import { MOUNT, NEEDS_REPAIR, UNMOUNT } from './scripts.ts'

/** As the kernel names it; `null`: its folder is not there. */
const realPathOf = (path: string): Promise<string | null> =>
  realpath(dirname(path)).then(
    (folder) => join(folder, basename(path)),
    (error: unknown) => {
      if (isMissing(error)) return null
      throw error
    },
  )

/** Whether the image itself, and nothing that had its name before, is what is mounted there. Starts no program. */
export async function isShown(image: string, point: string): Promise<boolean> {
  const [realImage, realPoint] = await Promise.all([realPathOf(image), realPathOf(point)])
  const source = (await readMounts()).findLast((mount) => mount.point === realPoint)?.source
  if (!source?.startsWith('/dev/loop')) return false
  const backing = `/sys/block/${basename(source)}/loop/backing_file`
  return (await readFile(backing, 'utf8').catch(() => '')).trimEnd() === realImage
}

/** `folder`: of the instance, where nobody else mounts meanwhile. Throws AppError for a file system that is broken. */
export async function mount(of: { folder: string; image: string; point: string }): Promise<void> {
  await runLocked(of.folder, MOUNT, [of.image, of.point]).catch((error: unknown) => {
    if (!(error instanceof ToolError) || (error.code ?? 0) < NEEDS_REPAIR) throw error
    throw new AppError(
      'internal',
      'The disk of this computer is damaged. Ask the administrator of this platform.',
      {
        cause: new Error(`Repair it: e2fsck ${of.image}`, { cause: error }),
      },
    )
  })
}

/** Where something is mounted at the path or below it, as paths from there; `''`: at the path itself. */
export async function pointsBelow(path: string): Promise<string[]> {
  const real = await realPathOf(path)
  if (real === null) return []
  return (await readMounts()).flatMap(({ point }) =>
    point === real || point.startsWith(`${real}/`) ? [point.slice(real.length + 1)] : [],
  )
}

/** All that is mounted at the path or below it; containers keep what they have. */
export async function unmountBelow(path: string): Promise<void> {
  const points = (await pointsBelow(path)).map((point) => join(path, point))
  if (points.length > 0) await runShell(UNMOUNT, points.reverse())
}
