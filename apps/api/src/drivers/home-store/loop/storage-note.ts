/** How large a home may be, noted beside it: what is unpacked for it must fit, whoever unpacks it. */
import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere } from '@matrixos/host/files'
import { z } from 'zod'
import type { HomeStorage } from '../../../ports/home-store.ts'

const NOTE = 'storage.json'
const schema = z.object({ diskBytes: z.number().int().positive(), inodes: z.number().int().positive() })

/** `null`: nobody has said yet, or what is there is no note. */
export async function rememberedStorage(folder: string): Promise<HomeStorage | null> {
  const text = await readIfThere(join(folder, NOTE))
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Never less than before: what a home holds must fit in the next one, too. */
export async function rememberStorage(folder: string, storage: HomeStorage): Promise<void> {
  const before = await rememberedStorage(folder)
  const next = {
    diskBytes: Math.max(storage.diskBytes, before?.diskBytes ?? 0),
    inodes: Math.max(storage.inodes, before?.inodes ?? 0),
  }
  if (before?.diskBytes === next.diskBytes && before.inodes === next.inodes) return
  const draft = join(folder, `.${NOTE}-${randomUUID()}`)
  await writeFile(draft, JSON.stringify(next), { mode: 0o600 })
  await rename(draft, join(folder, NOTE))
}
