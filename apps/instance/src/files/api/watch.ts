/**
 * Tells when a folder or a file is not as it was, whoever changed it: inotify on the folders that somebody looks at,
 * each once for all who look. Many changes in a moment are told as one.
 */
import { type FSWatcher, watch } from 'node:fs'
import { RequestProblem } from '../../http/problem.ts'
import { inPlainWords } from '../plain-words.ts'
import { nameOf } from './names.ts'
import type { Pin, Tree } from './tree.ts'

export interface Watching {
  /** Instead of what was watched before. Resolves to what cannot be. */
  set(paths: readonly string[]): Promise<{ path: string; message: string }[]>
  close(): void
}

export interface WatcherOptions {
  /** How long changes are gathered, in milliseconds. */
  quietMs?: number
  /** Folders, of all who watch together; the kernel has a limit too. */
  atMost?: number
  /** Changes within `quietMs` beyond which some may have been lost, and everything counts as changed. */
  flood?: number
}

export interface Watcher {
  join(tree: Tree, tell: (path: string) => void): Watching
}

type Stop = () => void
/** Told the name of the entry that changed; `null`: something did. */
type Listener = (name: string | null) => void
type Listen = (tree: Tree, folder: string, listener: Listener) => Promise<Stop>

export function createWatcher({ quietMs = 150, atMost = 512, flood = 8_192 }: WatcherOptions = {}): Watcher {
  const everybody = new Set<Stop>()
  let recent = 0
  const count = () => {
    if (recent === 0) {
      setTimeout(() => {
        recent = 0
      }, quietMs).unref()
    }
    // Beyond this the kernel's queue may have overflowed, which nobody is told of.
    if (++recent === flood) for (const tellAll of everybody) tellAll()
  }
  const listen = createFolders(atMost, count)
  return {
    join(tree, tell) {
      const stops = new Map<string, Stop>()
      const waiting = new Map<string, NodeJS.Timeout>()
      let isClosed = false
      const start = (path: string) => watchPath(tree, path, () => changed(path), listen)
      /** Another folder or file may have the name by now. */
      const renew = async (path: string) => {
        const before = stops.get(path)
        const stop = await start(path).catch(() => null)
        if (!stop) return
        if (isClosed || !before || stops.get(path) !== before) return stop()
        before()
        stops.set(path, stop)
      }
      const changed = (path: string) => {
        if (waiting.has(path)) return
        const timer = setTimeout(() => {
          waiting.delete(path)
          void renew(path).then(() => isClosed || tell(path))
        }, quietMs)
        waiting.set(path, timer.unref())
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
          // They go on until the new ones are there: what is watched on misses nothing in between.
          const before = [...stops.values()]
          stops.clear()
          const refused: { path: string; message: string }[] = []
          for (const path of new Set(paths)) {
            try {
              const stop = await start(path)
              if (isClosed) stop()
              else stops.set(path, stop)
            } catch (error) {
              refused.push({ path, message: inPlainWords(error, path || 'Your home') })
            }
          }
          for (const stop of before) stop()
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

interface Watched {
  watcher: FSWatcher
  listeners: Set<Listener>
  /** Held open, so that no other folder can come by its number. */
  pin: Pin
}

/** `onEvent`: whatever happens in any of them. */
function createFolders(atMost: number, onEvent: () => void): Listen {
  const folders = new Map<string, Watched>()
  const open = (key: string, pin: Pin): Watched => {
    if (folders.size >= atMost) throw new RequestProblem(429, 'Too many folders are being watched.')
    const listeners = new Set<Listener>()
    const tell: Listener = (name) => {
      for (const each of listeners) each(name)
    }
    const watcher = watch(pin.self, { encoding: 'buffer', persistent: false }, (_, name) => {
      onEvent()
      tell(name === null ? null : nameOf(name))
    })
    watcher.on('error', () => tell(null))
    const watched = { watcher, listeners, pin }
    folders.set(key, watched)
    return watched
  }
  const close = (key: string, { watcher, pin }: Watched) => {
    folders.delete(key)
    watcher.close()
    void pin[Symbol.asyncDispose]()
  }
  return async (tree, folder, listener) => {
    await using pin = new AsyncDisposableStack()
    const found = pin.use(await tree.pin(folder))
    const stats = await found.stats()
    if (!stats.isDirectory()) throw new RequestProblem(415, 'That is not a folder.')
    const key = `${stats.dev}:${stats.ino}`
    let watched = folders.get(key)
    if (!watched) {
      watched = open(key, found)
      pin.move()
    }
    const chosen = watched
    chosen.listeners.add(listener)
    return () => {
      chosen.listeners.delete(listener)
      if (chosen.listeners.size === 0 && folders.get(key) === chosen) close(key, chosen)
    }
  }
}

/** A file is watched through its folder: programs that save put another file in its place. */
async function watchPath(tree: Tree, path: string, changed: () => void, listen: Listen): Promise<Stop> {
  if (await isFolder(tree, path)) return listen(tree, path, changed)
  await using spot = await tree.spot(path)
  const { name } = spot
  return await listen(tree, spot.folder.path, (changedName) => {
    if (changedName === null || changedName === name) changed()
  })
}

async function isFolder(tree: Tree, path: string): Promise<boolean> {
  await using pin = await tree.pin(path)
  return (await pin.stats()).isDirectory()
}
