/**
 * Tells when a folder or a file is not as it was, whoever changed it: inotify on the folders that somebody looks at,
 * each once for all who look. Many changes in a moment are told as one.
 */
import { type FSWatcher, watch } from 'node:fs'
import { inPlainWords } from '../plain-words.ts'
import { nameOf } from './names.ts'
import { FilesProblem } from './problem.ts'
import type { Tree } from './tree.ts'

export interface Watching {
  /** Instead of what was watched before. Resolves to what cannot be. */
  set(paths: readonly string[]): Promise<{ path: string; message: string }[]>
  close(): void
}

export interface WatcherOptions {
  /** How long changes are gathered, in milliseconds. */
  quietMs?: number
  /** Of all who watch together; the kernel has a limit too. */
  atMost?: number
  /** Changes within `quietMs` beyond which some may have been lost, and everything counts as changed. */
  flood?: number
}

interface Watched {
  watcher: FSWatcher
  /** Which folder that is: a name can become another's. */
  ino: bigint
  /** Of the folder, and of files in it by name. */
  listeners: Set<(name: string | null) => void>
}

export interface Watcher {
  join(tree: Tree, tell: (path: string) => void): Watching
}

export function createWatcher({ quietMs = 150, atMost = 512, flood = 8_192 }: WatcherOptions = {}): Watcher {
  const folders = new Map<bigint, Watched>()
  const everybody = new Set<() => void>()
  let recent = 0

  const count = () => {
    if (recent === 0) setTimeout(() => (recent = 0), quietMs).unref()
    // Beyond this the kernel's queue may have overflowed, which nobody is told of.
    if (++recent === flood) for (const tellAll of everybody) tellAll()
  }

  const listen = async (tree: Tree, folder: string, listener: (name: string | null) => void) => {
    await using pin = await tree.pin(folder)
    const stats = await pin.stats()
    if (!stats.isDirectory()) throw new FilesProblem(415, 'That is not a folder.')
    const { ino } = stats
    let watched = folders.get(ino)
    if (!watched) {
      if (folders.size >= atMost) throw new FilesProblem(429, 'Too many folders are being watched.')
      const listeners: Watched['listeners'] = new Set()
      const watcher = watch(pin.self, { encoding: 'buffer', persistent: false }, (_, name) => {
        count()
        for (const each of listeners) each(name === null ? null : nameOf(name))
      })
      watcher.on('error', () => {
        for (const each of listeners) each(null)
      })
      watched = { watcher, ino, listeners }
      folders.set(ino, watched)
    }
    const { listeners, watcher } = watched
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      watcher.close()
      folders.delete(ino)
    }
  }

  return {
    join(tree, tell) {
      const stops = new Map<string, () => void>()
      const waiting = new Map<string, NodeJS.Timeout>()
      let isClosed = false
      const changed = (path: string) => {
        if (waiting.has(path)) return
        waiting.set(
          path,
          setTimeout(() => {
            waiting.delete(path)
            tell(path)
          }, quietMs).unref(),
        )
      }
      const tellAll = () => {
        for (const path of stops.keys()) changed(path)
      }
      everybody.add(tellAll)
      const stopAll = () => {
        for (const stop of stops.values()) stop()
        stops.clear()
      }
      return {
        async set(paths) {
          stopAll()
          const refused: { path: string; message: string }[] = []
          for (const path of new Set(paths)) {
            try {
              const stop = await watchPath(tree, path, () => changed(path), listen)
              if (isClosed) stop()
              else stops.set(path, stop)
            } catch (error) {
              refused.push({ path, message: inPlainWords(error, path || 'Your home') })
            }
          }
          return refused
        },
        close() {
          isClosed = true
          everybody.delete(tellAll)
          stopAll()
          for (const timer of waiting.values()) clearTimeout(timer)
        },
      }
    },
  }
}

type Listen = (tree: Tree, folder: string, listener: (name: string | null) => void) => Promise<() => void>

/** A file is watched through its folder: programs that save put another file in its place. */
async function watchPath(tree: Tree, path: string, changed: () => void, listen: Listen): Promise<() => void> {
  const kind = await tree.pin(path).then(async (pin) => {
    await using open = pin
    return (await open.stats()).isDirectory() ? 'folder' : 'file'
  })
  if (kind === 'folder') return listen(tree, path, changed)
  await using spot = await tree.spot(path)
  const { name } = spot
  return listen(tree, spot.folder.path, (changedName) => {
    if (changedName === null || changedName === name) changed()
  })
}
