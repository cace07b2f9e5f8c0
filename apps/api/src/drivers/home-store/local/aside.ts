/** Homes that go: deleted, or out of the way of another of the same handle. */
import { randomUUID } from 'node:crypto'
import { rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HomeRef, HomeStore } from '../../../ports/home-store.ts'
import type { HomeForm } from '../form.ts'
import { deleteTree } from './tree.ts'

export interface AsideOptions {
  instancesDir: string
  /** Folder of an instance; throws for a handle that is none. */
  folderOf: (home: HomeRef) => string
  ownerOf: (home: HomeRef) => Promise<string | null>
  /** Removes what a claim of its folder left that was interrupted. */
  removeDrafts: (home: HomeRef) => Promise<void>
  form: HomeForm
}

export function createAside({ instancesDir, folderOf, ownerOf, removeDrafts, form }: AsideOptions) {
  return {
    /**
     * The folder is moved aside first, so that the handle is free at once and an interrupted deletion never leaves half
     * a home under its name.
     */
    async remove(home: HomeRef): Promise<void> {
      const folder = folderOf(home)
      const aside = join(instancesDir, `.removing-${home.id}`)
      await form.release(aside)
      await deleteTree(aside)
      const owner = await ownerOf(home)
      if (owner === home.id) {
        await form.release(folder)
        await rename(folder, aside)
      }
      // Unmarked and empty: its making was interrupted at the first step.
      else if (owner === null) {
        await removeDrafts(home)
        await rmdir(folder).catch(() => undefined)
      }
      await deleteTree(aside)
    },

    async setAside(home: HomeRef): Promise<void> {
      if ((await ownerOf(home)) !== home.id) return
      await form.release(folderOf(home))
      await rename(folderOf(home), join(instancesDir, `.left-${home.id}-${randomUUID()}`))
    },
  } satisfies Partial<HomeStore>
}
