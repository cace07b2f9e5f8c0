/** `/ws/apps`: tells pages that something about the apps is not as it was: their folders, their servers, a question. */
import { APP_MANIFEST, APPS_FOLDER } from '@matrixos/shared'
import type { WebSocket } from 'ws'
import type { Tree } from '../files/api/tree.ts'
import { createWatcher, type Watching } from '../files/api/watch.ts'
import { parseJson } from '../notes/socket.ts'
import { shellRequest } from '../requests.ts'
import { folderOf, listApps } from './folder.ts'
import type { AppsEvent } from './protocol.ts'

/** Manifests that are watched, besides their folder: those of the first so many apps. */
const WATCHED_AT_MOST = 100
const ROUNDS = 3

export function createAppsSockets(home: Tree, root: string) {
  const pages = new Set<WebSocket>()
  const watcher = createWatcher()
  let watching: Watching | null = null

  const tell = (socket: WebSocket, event: AppsEvent) => socket.send(JSON.stringify(event))
  const tellAll = () => {
    for (const page of pages) tell(page, { type: 'changed' })
  }
  const manifests = async () => {
    const apps = await listApps(home, root).catch(() => [])
    return apps.slice(0, WATCHED_AT_MOST).map(({ name }) => `${folderOf(name)}/${APP_MANIFEST}`)
  }
  /** Where there is no such folder yet, it will appear in the home. What appears meanwhile is looked for once more. */
  const watch = async () => {
    const mine = watching
    for (let before = '', round = 0; round < ROUNDS; round++) {
      const paths = await manifests()
      if (round > 0 && paths.join() === before) return
      before = paths.join()
      const refused = await mine?.set([APPS_FOLDER, ...paths])
      if (refused?.some(({ path }) => path === APPS_FOLDER)) await mine?.set([''])
    }
  }
  /** Told when it is watched again: who asks then misses nothing. */
  const changed = () => void watch().finally(tellAll)

  return {
    tellAll,
    async serve(socket: WebSocket): Promise<void> {
      pages.add(socket)
      socket.on('close', () => {
        pages.delete(socket)
        if (pages.size > 0) return
        watching?.close()
        watching = null
      })
      socket.on('message', (data) => {
        const { success } = shellRequest.safeParse(parseJson(String(data)))
        if (success) tell(socket, { type: 'pong' })
        else socket.close(1008, 'Not a message of the apps')
      })
      if (!watching) {
        watching = watcher.join(home, changed)
        await watch()
      }
      // It may have missed some.
      tell(socket, { type: 'changed' })
    },
  }
}
