/** What can be done with files, each with the sentence that says what came of it. */
import type { Entry } from '../../../src/files/api/protocol.ts'
import { TRASHED_AT_MOST } from '../../../src/files/api/protocol.ts'
import { type FilesApi, files } from './client/files.ts'
import { FilesError, wordsOf } from './client/problem.ts'
import { freeName, isWithin, join, nameOf, parentOf } from './model/path.ts'
import { showName } from './model/show-name.ts'
import type { Toast } from './ui/toast.tsx'
import { countInWords } from './ui/words.ts'

export interface ActsOptions {
  api?: FilesApi
  say: (toast: Toast) => void
}

export interface Acts {
  /** Each answers with the new path, or `null` where nothing came of it: that was said. */
  makeFolder(folder: string, entries: readonly Entry[]): Promise<string | null>
  makeFile(folder: string, entries: readonly Entry[]): Promise<string | null>
  rename(path: string, name: string): Promise<string | null>
  move(paths: readonly string[], folder: string): Promise<void>
  copy(paths: readonly string[], folder: string): Promise<void>
  trash(paths: readonly string[]): Promise<void>
}

const quoted = (path: string) => `“${showName(nameOf(path))}”`
const folderWords = (path: string) => (path === '' ? 'Home' : quoted(path))
const allOf = (paths: readonly string[]) =>
  paths.length === 1 ? quoted(paths[0] ?? '') : countInWords(paths.length, 'item')

/** One after the other: what fails stops nothing else, and is said once. */
async function each(paths: readonly string[], doIt: (path: string) => Promise<void>) {
  const done: string[] = []
  let failure: unknown = null
  for (const path of paths) {
    try {
      await doIt(path)
      done.push(path)
    } catch (error) {
      failure ??= error
      // Nothing else will do either.
      if (error instanceof FilesError && (error.isPassing || error.status === 507 || error.status === 401))
        break
    }
  }
  return { done, failure }
}

export function createActs({ api = files, say }: ActsOptions): Acts {
  const fail = (error: unknown) => {
    say({ words: wordsOf(error), isBad: true })
    return null
  }
  const make = async (
    folder: string,
    entries: readonly Entry[],
    name: string,
    doIt: FilesApi['makeFile'],
  ) => {
    const names = new Set(entries.map((entry) => entry.name))
    try {
      return (
        await doIt(
          join(
            folder,
            freeName(name, (one) => names.has(one)),
          ),
        )
      ).path
    } catch (error) {
      return fail(error)
    }
  }
  const undoMove = async (moved: ReadonlyMap<string, string>) => {
    const { done, failure } = await each([...moved.keys()], async (now) => {
      await api.move(now, moved.get(now) ?? now)
    })
    if (failure === null) say({ words: `${allOf(done)} moved back.` })
    else fail(failure)
  }

  /** What the trash has no room for: it is itself what would have to go. */
  const offerToDelete = (paths: readonly string[]) => {
    const deleteForGood = async () => {
      try {
        for (let at = 0; at < paths.length; at += TRASHED_AT_MOST)
          await api.delete(paths.slice(at, at + TRASHED_AT_MOST))
        say({ words: `${allOf(paths)} deleted for good.` })
      } catch (error) {
        fail(error)
      }
    }
    say({
      words: `Your disk is too full to keep ${allOf(paths)} in the trash. Deleted for good, nothing can bring ${paths.length === 1 ? 'it' : 'them'} back.`,
      isBad: true,
      isHeld: true,
      action: { label: 'Delete for good', run: () => void deleteForGood() },
    })
  }

  const rename = async (path: string, name: string): Promise<string | null> => {
    const to = join(parentOf(path), name)
    try {
      await api.move(path, to)
      return to
    } catch (error) {
      if (!(error instanceof FilesError && error.isPassing)) return fail(error)
      // What was typed is not typed again.
      say({
        words: `${wordsOf(error)} ${quoted(path)} is not called ${quoted(to)} yet.`,
        isBad: true,
        isHeld: true,
        action: { label: 'Try again', run: () => void rename(path, name) },
      })
      return null
    }
  }

  return {
    makeFolder: (folder, entries) => make(folder, entries, 'New folder', api.makeFolder),
    makeFile: (folder, entries) => make(folder, entries, 'New file.txt', api.makeFile),
    rename,
    async move(paths, folder) {
      const meant = paths.filter((path) => parentOf(path) !== folder && !isWithin(folder, path))
      if (meant.length === 0) return
      const moved = new Map<string, string>()
      const { done, failure } = await each(meant, async (path) => {
        const { path: now } = await api.move(path, join(folder, nameOf(path)))
        moved.set(now, path)
      })
      if (failure !== null) return void fail(failure)
      say({
        words: `${allOf(done)} moved to ${folderWords(folder)}.`,
        action: { label: 'Undo', run: () => void undoMove(moved) },
      })
    },
    async copy(paths, folder) {
      const taken = await api.list(folder).then(
        ({ entries }) => new Set(entries.map(({ name }) => name)),
        () => new Set<string>(),
      )
      const { done, failure } = await each(paths, async (path) => {
        const name = freeName(nameOf(path), (one) => taken.has(one))
        taken.add(name)
        await api.copy(path, join(folder, name))
      })
      if (failure !== null) fail(failure)
      else say({ words: `${allOf(done)} copied to ${folderWords(folder)}.` })
    },
    async trash(paths) {
      if (paths.length === 0) return
      const ids: string[] = []
      try {
        for (let at = 0; at < paths.length; at += TRASHED_AT_MOST)
          ids.push((await api.trash(paths.slice(at, at + TRASHED_AT_MOST))).id)
        const undo = async () => {
          const { failure } = await each(ids, async (id) => void (await api.restore(id)))
          if (failure === null) say({ words: `${allOf(paths)} restored.` })
          else fail(failure)
        }
        say({
          words: `${allOf(paths)} moved to the trash.`,
          action: { label: 'Undo', run: () => void undo() },
        })
      } catch (error) {
        const isFull = error instanceof FilesError && error.status === 507
        if (isFull) offerToDelete(paths.slice(ids.length * TRASHED_AT_MOST))
        else fail(error)
      }
    },
  }
}
