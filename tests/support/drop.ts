/** A folder of this machine, dropped on a page as a file manager does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Locator } from 'playwright-core'

export interface DropOptions {
  /** What it is dropped on. */
  on: Locator
  folder: string
  /** Contents by their paths in the folder. */
  files: Record<string, string>
  /** Resolves when the page has read it: it is gone after that. */
  isTaken: () => Promise<unknown>
}

export async function dropFolder({ on, folder, files, isTaken }: DropOptions): Promise<void> {
  const own = mkdtempSync(join(tmpdir(), 'mos-dropped-'))
  const session = await on.page().context().newCDPSession(on.page())
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(own, folder, path)), { recursive: true })
      writeFileSync(join(own, folder, path), text)
    }
    const { x, y } = (await on.boundingBox()) ?? { x: 0, y: 0 }
    const data = { items: [], files: [join(own, folder)], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: x + 200, y: y + 200, data })
    await isTaken()
  } finally {
    await session.detach()
    rmSync(own, { recursive: true })
  }
}
