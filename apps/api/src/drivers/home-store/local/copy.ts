/**
 * Copies a home that is in use, file by file as its own user: nothing that a home holds (a link, a mount, a device) leads
 * anywhere else. Under way, the copy is `staging-…` in the folder of its own instance.
 */
import { randomUUID } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type { CopyOptions } from '../../../ports/home-store.ts'
import type { Bytes } from '../../../ports/home-transfer.ts'
import type { HomeForm } from '../form.ts'
import { packHome, unpackHome } from './archive.ts'

const NO_MANIFEST = '{}'

export interface Copying extends CopyOptions {
  form: HomeForm
  /** Folders of two instances, both there. */
  from: string
  to: string
}

/** Throws as soon as there is more. */
async function* atMost(bytes: Bytes, most: number) {
  let taken = 0
  for await (const piece of bytes) {
    taken += piece.byteLength
    if (taken > most) throw new Error(`It has more than ${most} bytes.`)
    yield piece
  }
}

export async function copyHome({ form, from, to, mostBytes, storage, signal }: Copying): Promise<void> {
  const owner = await form.ownerIn(from)
  if (!owner) throw new AppError('conflict', 'There are no files to copy.')
  if (await form.ownerIn(to)) throw new AppError('conflict', 'There are files where a copy was to be.')
  // How large it may become is to be known before it is made.
  await form.attach(to, storage)
  const staging = join(to, `staging-${randomUUID()}`)
  const staged = await form.stage(to, staging, owner)
  try {
    const source = await form.open(from)
    try {
      const packed = await packHome(from, NO_MANIFEST, signal, source)
      await unpackHome({ staging: join(to, staged.within), owner, archive: atMost(packed, mostBytes) })
    } finally {
      await source.close()
    }
  } finally {
    await staged.close()
  }
  await rename(join(staging, HOME_FOLDER), join(to, HOME_FOLDER))
  await form.attach(to)
}
